package io.gatehouse.exchange;

/**
 * A step in the life of an exchange. One object serves every exchange of its location, so it holds only what the
 * configuration decided; what belongs to one exchange is kept in the exchange. Called on the exchange's loop.
 */
@FunctionalInterface
public interface Handler {
    Outcome handle(Exchange exchange);
}
