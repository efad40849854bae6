package io.gatehouse.exchange;

import org.jspecify.annotations.Nullable;

/**
 * One attempt to get an answer from an application, as {@code $upstream_*} tells it. Times are milliseconds since the
 * attempt began; -1 where it did not come that far.
 */
public final class UpstreamTry {
    public String address;
    public final long startedNanos;
    public int status;
    public long connectMillis = -1;
    public long headerMillis = -1;
    public long responseMillis = -1;
    public long bytesReceived;
    public long bytesSent;
    public long bodyBytes;
    /** True if the answer led to an internal redirect (X-Accel-Redirect, error_page), so that a new group begins behind it. */
    public boolean redirected;

    public @Nullable String error;

    public UpstreamTry(String address, long startedNanos) {
        this.address = address;
        this.startedNanos = startedNanos;
    }
}
