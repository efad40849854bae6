package io.gatehouse.exchange;

import java.net.SocketAddress;

/** Whose connections are logged down to the level debug, whatever {@code error_log} says ({@code debug_connection}). */
@FunctionalInterface
public interface DebugClients {
    /** Nobody's. */
    DebugClients NONE = peer -> false;

    boolean has(SocketAddress peer);
}
