package io.gatehouse.protocol;

import org.jspecify.annotations.Nullable;

/**
 * A connection of a client as the configuration that serves it sees it, whatever is spoken on it at the moment: a PROXY
 * header, a handshake, HTTP, a tunnel. On its loop.
 */
public abstract class ServedConnection {
    /** The neighbours in the group's list. */
    @Nullable
    ServedConnection previous;

    @Nullable
    ServedConnection next;

    /** The configuration is retired: closes if that harms nobody, else ends with what it is at. */
    protected abstract void drain();

    /** Closes, whatever it is at ({@code worker_shutdown_timeout}). */
    protected abstract void cut();
}
