package io.gatehouse.protocol.http1;

import io.gatehouse.observe.status.ConnectionCounts;

/** What a connection of HTTP/1 is at, and how it counts. */
enum ConnectionState {
    /** Waits for the first byte of a request. */
    IDLE(ConnectionCounts.WAITING),
    /** Reads a head. */
    HEAD(ConnectionCounts.READING),
    /** A request is being answered. */
    ANSWERING(ConnectionCounts.WRITING),
    /** The answer is sent, and what is left of the request's body is dropped. */
    DISCARDING(ConnectionCounts.WRITING),
    /** Nothing more is sent, but the client may still be sending ({@code lingering_close}). */
    LINGERING(ConnectionCounts.WRITING),
    /** The wire serves a tunnel. */
    TUNNEL(ConnectionCounts.WRITING),
    CLOSED(-1);

    /** One of {@link ConnectionCounts}' numbers. */
    final int count;

    ConnectionState(int count) {
        this.count = count;
    }
}
