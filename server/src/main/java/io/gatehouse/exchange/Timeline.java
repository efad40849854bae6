package io.gatehouse.exchange;

/**
 * When what happened to an exchange: nanoseconds of the loop's clock, 0 where it has not happened.
 */
public final class Timeline {
    /** The instants, in their usual order. */
    public enum Instant {
        FIRST_BYTE,
        HEADERS_READ,
        BODY_READ,
        UPSTREAM_CONNECTING,
        UPSTREAM_CONNECTED,
        UPSTREAM_SENT,
        UPSTREAM_HEADERS,
        UPSTREAM_END,
        RESPONSE_HEAD,
        LAST_BYTE,
    }

    private static final int COUNT = Instant.values().length;
    private final long[] instants = new long[COUNT];

    public void mark(Instant instant, long nanos) {
        instants[instant.ordinal()] = nanos;
    }

    /** Marks it unless it was marked before. */
    public void markFirst(Instant instant, long nanos) {
        if (instants[instant.ordinal()] == 0) {
            instants[instant.ordinal()] = nanos;
        }
    }

    public long at(Instant instant) {
        return instants[instant.ordinal()];
    }
}
