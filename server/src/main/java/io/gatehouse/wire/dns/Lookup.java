package io.gatehouse.wire.dns;

/** A question under way. */
@FunctionalInterface
public interface Lookup {
    /** One that has been answered. */
    Lookup DONE = () -> {};

    /** No answer is wanted any more; none comes. On the loop that asked. */
    void cancel();
}
