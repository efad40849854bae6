package io.gatehouse.protocol.http2;

/** What the streams of one connection together may be given to send beyond what each has at first. On its loop. */
final class WindowBudget {
    private static final int BYTES = 4 << 20;

    private int left = BYTES;

    /** How much of what is wanted can be had; to be given back. Bytes. */
    int take(int wanted) {
        int given = Math.clamp(wanted, 0, left);
        left -= given;
        return given;
    }

    void giveBack(int taken) {
        left += taken;
    }
}
