package io.gatehouse.module.brotli;

import io.gatehouse.coding.Coder;
import io.gatehouse.coding.Compression;

/**
 * brotli of a quality, by Google's encoder.
 *
 * @param windowBits the logarithm of the largest window, 10 to 24
 */
record Brotli(int quality, int windowBits) implements Compression {
    static final String NAME = "br";
    static final int BEST = 11;
    static final int LEAST_WINDOW_BITS = 10;
    static final int MOST_WINDOW_BITS = 24;

    /** From here on a kilobyte takes so long that nothing is easy. */
    private static final int HARD = 10;

    private static final int SLOW = 8;
    private static final int EASY_BYTES = 64 * 1024;

    private static final long STATE = 256 * 1024;
    private static final int LARGE_WINDOW_BITS = 17;
    private static final long LARGE_TABLES = 2 << 20;
    private static final int WINDOWS = 6;

    @Override
    public String coding() {
        return NAME;
    }

    @Override
    public Coder open(long length) {
        return new BrotliCoder(quality, windowBits(length), length);
    }

    /** The window need not be larger than the body. */
    private int windowBits(long length) {
        int bits = windowBits;
        while (length > 0 && bits > LEAST_WINDOW_BITS && length <= 1L << bits - 1) {
            bits--;
        }
        return bits;
    }

    /** The encoder's ring buffer, the tables that find repeats, and the blocks under way. */
    @Override
    public long memory(long length) {
        int bits = windowBits(length);
        return STATE + WINDOWS * (1L << bits) + (bits >= LARGE_WINDOW_BITS ? LARGE_TABLES : 0);
    }

    @Override
    public int easyBytes() {
        return quality >= HARD ? 0 : quality >= SLOW ? EASY_BYTES / 2 : EASY_BYTES;
    }
}
