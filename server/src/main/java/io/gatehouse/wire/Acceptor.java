package io.gatehouse.wire;

/** Takes new connections of a {@link ListenSocket}; returns the first sink. Called on the accepting loop. */
@FunctionalInterface
public interface Acceptor {
    /** The sink for the new wire; it may turn reading on. */
    Sink accepted(Wire wire, ListenSocket from);
}
