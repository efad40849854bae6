package io.gatehouse.protocol.http2;

import io.gatehouse.wire.Loop;
import java.util.Arrays;

/**
 * Counts what costs a client little and the server more. Of each kind some may come at once, and then so many a second; some
 * kinds are earned by ordinary use. Who exceeds it is disconnected with ENHANCE_YOUR_CALM.
 */
final class Floods {
    /** Streams that the client opens and resets, or makes the server reset (CVE-2023-44487, CVE-2025-8671). */
    static final int RESETS = 0;
    /** SETTINGS frames (CVE-2019-9515). */
    static final int SETTINGS = 1;
    /** PING frames (CVE-2019-9512). */
    static final int PINGS = 2;
    /** PRIORITY frames (CVE-2019-9513); each stream earns some, as in nginx. */
    static final int PRIORITIES = 3;
    /** DATA and CONTINUATION frames that carry nothing and end nothing (CVE-2019-9518, CVE-2024-27316). */
    static final int EMPTY = 4;
    /** WINDOW_UPDATE frames (CVE-2019-9511); each DATA frame of a fair size earns some. */
    static final int UPDATES = 5;
    /** DATA frames that a small window forces the server to send (CVE-2019-9511). */
    static final int DRIBBLES = 6;
    /** Frames without a meaning. */
    static final int IGNORED = 7;

    private static final int[] BURST = {400, 50, 300, 128, 100, 1000, 200, 200};
    private static final int[] PER_SECOND = {40, 5, 30, 0, 10, 100, 20, 20};
    private static final String[] NAMES = {
        "resets",
        "SETTINGS frames",
        "PING frames",
        "PRIORITY frames",
        "empty frames",
        "WINDOW_UPDATE frames",
        "small windows",
        "frames without a meaning",
    };
    /** What can be saved up by ordinary use. */
    private static final int MOST = 1 << 20;

    /** Bytes of frames against bytes of heads and bodies: beyond eight times as many it is a flood, as in nginx. */
    private static final int FACTOR = 8;

    private static final long FREE_BYTES = 1 << 20;

    private final Loop loop;
    private final int[] left = BURST.clone();
    private final long[] since = new long[BURST.length];
    private long received;
    private long used;
    private boolean dribbling;

    Floods(Loop loop) {
        this.loop = loop;
        Arrays.fill(since, loop.nanos());
    }

    /** One more has come. Returns whether that is too many. */
    boolean exceeds(int kind) {
        if (--left[kind] >= 0) {
            return false;
        }
        long now = loop.nanos();
        long earned = (now - since[kind]) / 1_000_000 * PER_SECOND[kind] / 1000;
        since[kind] = now;
        left[kind] = (int) Math.min(BURST[kind], earned - 1);
        return left[kind] < 0;
    }

    /** Ordinary use earns some. */
    void earn(int kind, int count) {
        left[kind] = Math.min(MOST, left[kind] + count);
    }

    /** A DATA frame was written; whether it was so small only because of a window. */
    void sentData(boolean dribbled) {
        if (!dribbled) {
            earn(UPDATES, 4);
        } else if (exceeds(DRIBBLES)) {
            dribbling = true;
        }
    }

    /** Whether too many {@link #DRIBBLES} were sent. */
    boolean isDribbling() {
        return dribbling;
    }

    /** So many bytes of frames have come. */
    void received(int bytes) {
        received += bytes;
    }

    /** So many bytes of heads or bodies were among them. */
    void used(int bytes) {
        used += bytes;
    }

    /** Whether there is far more about heads and bodies than there is of them. */
    boolean isOutOfProportion() {
        return received / FACTOR > used + FREE_BYTES;
    }

    /** For the error log. */
    static String name(int kind) {
        return NAMES[kind];
    }
}
