package io.gatehouse.module.proxy;

/**
 * When a failed request goes to another peer: {@code proxy_next_upstream}, its tries and its time.
 *
 * @param conditions the sum of those below
 * @param tries at most so many attempts, 0 for no limit
 * @param timeoutMillis no further attempt after that, 0 for no limit
 */
record NextUpstream(int conditions, int tries, long timeoutMillis) {
    static final int ERROR = 1;
    static final int TIMEOUT = 1 << 1;
    static final int INVALID_HEADER = 1 << 2;
    static final int HTTP_500 = 1 << 3;
    static final int HTTP_502 = 1 << 4;
    static final int HTTP_503 = 1 << 5;
    static final int HTTP_504 = 1 << 6;
    static final int HTTP_403 = 1 << 7;
    static final int HTTP_404 = 1 << 8;
    static final int HTTP_429 = 1 << 9;
    static final int NON_IDEMPOTENT = 1 << 10;
    /** Nobody could be asked; never a reason to ask another. */
    static final int NO_LIVE = 1 << 11;
    /** A value of nginx's for stale answers of a cache. */
    static final int UPDATING = 1 << 12;

    static final int DEFAULT = ERROR | TIMEOUT;

    /** Whether another peer may be asked after this failure. */
    boolean allows(int failure, long sinceMillis) {
        return (conditions & failure) == failure && (timeoutMillis == 0 || sinceMillis < timeoutMillis);
    }

    /** Whether what may do something twice may be sent twice. */
    boolean repeatsNonIdempotent() {
        return (conditions & NON_IDEMPOTENT) != 0;
    }

    /** The condition that an answer with this status meets, or 0. */
    static int ofStatus(int status) {
        return switch (status) {
            case 500 -> HTTP_500;
            case 502 -> HTTP_502;
            case 503 -> HTTP_503;
            case 504 -> HTTP_504;
            case 403 -> HTTP_403;
            case 404 -> HTTP_404;
            case 429 -> HTTP_429;
            default -> 0;
        };
    }

    /** The status that the client gets when nobody else is asked. */
    static int statusOf(int failure) {
        return switch (failure) {
            case TIMEOUT, HTTP_504 -> 504;
            case HTTP_500 -> 500;
            case HTTP_503 -> 503;
            case HTTP_403 -> 403;
            case HTTP_404 -> 404;
            case HTTP_429 -> 429;
            default -> 502;
        };
    }

    /** Whether repeating a request with this method may do something twice, as nginx sees it. */
    static boolean isNonIdempotent(String method) {
        return method.equals("POST") || method.equals("LOCK") || method.equals("PATCH");
    }
}
