package io.gatehouse.upstream;

import org.jspecify.annotations.Nullable;

/**
 * Which connections are kept when idle, and how long: the {@code keepalive*} directives of one {@code upstream} block.
 * Connections of equal owners and limits are one lot.
 *
 * @param owner the block's name; empty for the connections of every {@code proxy_pass} without a block
 * @param most how many idle connections each loop keeps, {@code keepalive}; 0 for none
 * @param perPeer whether that is for each {@link PoolKey} by itself, not for all of the owner
 * @param requests how many requests a connection carries at most, {@code keepalive_requests}
 * @param timeMillis how long after its beginning it may carry another, {@code keepalive_time}
 * @param timeoutMillis how long it may be idle, {@code keepalive_timeout}
 */
public record KeepAlive(String owner, int most, boolean perPeer, int requests, long timeMillis, long timeoutMillis) {
    public static final int MOST = 32;
    /**
     * For each peer where no block stands and nobody chose a number: as many as a busy page of clients needs at once, for with
     * fewer every further client costs a connection per request, which is dearer than the request.
     */
    public static final int MOST_WITHOUT_BLOCK = 512;

    public static final int REQUESTS = 1000;
    public static final long TIME_MILLIS = 3_600_000;
    public static final long TIMEOUT_MILLIS = 60_000;

    /** Where no block stands. nginx keeps no connection then; we do. */
    public static final KeepAlive WITHOUT_BLOCK =
            new KeepAlive("", MOST_WITHOUT_BLOCK, true, REQUESTS, TIME_MILLIS, TIMEOUT_MILLIS);

    /** A block that says nothing about it. */
    public static KeepAlive ofBlock(String owner) {
        return new KeepAlive(owner, MOST, false, REQUESTS, TIME_MILLIS, TIMEOUT_MILLIS);
    }

    // equals and hashCode are written out: those that the JVM makes for a record cost the first request after a start
    // 15 ms.

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || other instanceof KeepAlive same
                        && owner.equals(same.owner)
                        && most == same.most
                        && perPeer == same.perPeer
                        && requests == same.requests
                        && timeMillis == same.timeMillis
                        && timeoutMillis == same.timeoutMillis;
    }

    @Override
    public int hashCode() {
        int mixed = (owner.hashCode() * 31 + most) * 31 + requests;
        return (mixed * 31 + Long.hashCode(timeMillis)) * 31 + Long.hashCode(timeoutMillis);
    }
}
