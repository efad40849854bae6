package io.gatehouse.exchange;

/**
 * Changes the head of an answer before it is sent, and may put a {@link BodyFilter} before the body. Called once for
 * each final answer, on the exchange's loop, in the order of the list of modules.
 */
@FunctionalInterface
public interface HeaderFilter {
    /** Returns false if the filter answered the exchange differently and sending this head must end. */
    boolean filter(Exchange exchange);
}
