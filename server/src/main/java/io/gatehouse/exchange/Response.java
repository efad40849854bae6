package io.gatehouse.exchange;

import org.jspecify.annotations.Nullable;

/**
 * The answer as it stands before it is sent. The fields that the protocol or the filters reason about are kept apart from
 * {@link #headers}: Content-Length, Content-Type and Last-Modified never stand in both.
 */
public final class Response {
    public int status;
    /** The reason phrase of the application, passed on where the status was not changed; null for the usual one. */
    public @Nullable String reason;

    /** Bytes of the body; -1 if unknown. */
    public long contentLength = -1;

    /** Content-Type with its parameters, octet string; null for none. */
    public @Nullable String contentType;

    /** Charset to be added to a text type ({@code charset}, X-Accel-Charset); null for none. */
    public @Nullable String charset;

    /** Seconds since 1970; -1 for none. Written as Last-Modified unless {@link #lastModifiedText} is set. */
    public long lastModified = -1;

    /** Last-Modified as the application wrote it; goes out in place of the number. */
    public @Nullable String lastModifiedText;

    /** Seconds since 1970, read from the application's text if need be; -1 for none. */
    public long lastModifiedSeconds() {
        return lastModified < 0 && lastModifiedText != null ? HttpDates.parse(lastModifiedText) : lastModified;
    }

    public final Headers headers = new Headers();

    /** What a 304 says the client knows already; null for every other status, or where it is not known. */
    public @Nullable Representation unmodified;

    /**
     * A representation that is not sent.
     *
     * @param type its Content-Type, null for none
     * @param length its bytes, -1 if unknown
     * @param coding its Content-Encoding, null for none
     */
    public record Representation(
            @Nullable String type, long length, @Nullable String coding) {}

    /** Whether fields behind the body may come, so that the protocol makes room for them. */
    public boolean expectTrailers;

    /** Fields behind the body; null for none. */
    public @Nullable Headers trailers;

    /** Whether the body goes out chunked; set by the protocol when the head is sent. */
    public boolean isChunked;

    /** The head only: HEAD, 204, 304, 1xx. Set when the head is sent. */
    public boolean headerOnly;

    /** Whether byte ranges may be taken of it (files, slices of an application's answer). */
    public boolean allowRanges;

    /** Whether at most one range may be taken, because the body comes piece by piece and is not kept. */
    public boolean singleRange;

    /** True if a Server field was passed from the application ({@code proxy_pass_header Server}). */
    public boolean passServer;

    /** True if a Date field was passed from the application. */
    public boolean passDate;

    /** Location stays as it is, though it has no scheme and host: the application wrote it so. */
    public boolean relativeLocation;

    /** The body is streamed by somebody who wants each piece delivered at once (no buffering). */
    public boolean unbuffered;

    /** The request's conditions ({@code If-Match} and its like) were for the application to judge, and it has answered. */
    public boolean conditionsJudged;

    /** Bytes per second the body may take, 0 for no limit ({@code limit_rate}, X-Accel-Limit-Rate). */
    public long limitRate;

    /** Whether {@link #limitRate} was set by other means than {@code limit_rate} and stands. */
    public boolean limitRateSet;

    /** Forget everything, before another answer is prepared in its place. */
    public void clear() {
        status = 0;
        reason = null;
        contentLength = -1;
        contentType = null;
        charset = null;
        lastModified = -1;
        lastModifiedText = null;
        headers.clear();
        unmodified = null;
        trailers = null;
        expectTrailers = false;
        headerOnly = false;
        allowRanges = false;
        singleRange = false;
        passServer = false;
        passDate = false;
        relativeLocation = false;
        unbuffered = false;
        conditionsJudged = false;
    }
}
