package io.gatehouse.coding;

/** How far the coding of a body is, and what follows: how large its steps are, which of them are easy, how much comes of one. */
final class Progress {
    /** A piece this small is coded on the loop whatever went before: a line of a stream of events. Bytes. */
    private static final int SMALL = 2048;
    /** The most that one step takes, and what it takes at least however slow the coder is. Bytes. */
    private static final int LARGEST_STEP = 128 * 1024;

    private static final int SMALLEST_STEP = 4096;
    /** A coder may have kept back so much that a flush or the end means work for it. Bytes. */
    private static final int MOST_KEPT_BACK = 256 * 1024;

    private static final int LARGEST_OUT = 64 * 1024;
    private static final int SMALLEST_OUT = 512;

    /** Bytes of a step. */
    final int stepBytes;
    /** Up to so many bytes from the beginning are coded on the loop. */
    private final int easyBytes;
    /** Whether the output may be far larger than the input, so that it counts too. */
    private final boolean grows;

    private final int small;
    private final long mostQueued;
    private long taken;
    private long given;
    private long takenSinceFlush;

    /**
     * @param length of the body; negative if it is not known
     * @param mostQueued bytes that may wait for the client
     */
    Progress(long length, int easyBytes, boolean grows, long mostQueued) {
        this.easyBytes = length > easyBytes ? 0 : easyBytes;
        this.grows = grows;
        this.small = grows ? 0 : Math.min(SMALL, easyBytes);
        this.stepBytes = Math.clamp(easyBytes * 2L, SMALLEST_STEP, LARGEST_STEP);
        this.mostQueued = mostQueued;
    }

    void took(int bytes) {
        taken += bytes;
        takenSinceFlush += bytes;
    }

    void gave(int bytes) {
        given += bytes;
    }

    void flushed() {
        takenSinceFlush = 0;
    }

    /** Whether the coder may have kept something back. */
    boolean isUnflushed() {
        return takenSinceFlush > 0;
    }

    /** Whether a step with so many bytes left takes no longer than the loop may be kept from others. */
    boolean isEasy(int left, Coder.Ask ask) {
        long begun = taken + (grows ? given : 0);
        if (begun + left <= easyBytes) {
            return true;
        }
        long kept = ask == Coder.Ask.NOTHING ? 0 : Math.min(takenSinceFlush, MOST_KEPT_BACK);
        return left + kept <= small;
    }

    /** How much room a run on the loop needs. */
    int roomOnLoop(int left, Coder.Ask ask) {
        return room(left + takenSinceFlush, ask);
    }

    /** How much room a run on another thread needs. */
    int roomBeside(Coder.Ask ask) {
        return room(LARGEST_OUT * 2L, ask);
    }

    private int room(long input, Coder.Ask ask) {
        long wanted = grows ? LARGEST_OUT : ask == Coder.Ask.NOTHING ? input / 2 : input / 2 + SMALLEST_OUT;
        return Math.clamp(wanted, SMALLEST_OUT, Math.clamp(mostQueued, SMALLEST_OUT, LARGEST_OUT));
    }

    Ratio ratio() {
        return new Ratio(taken, given);
    }
}
