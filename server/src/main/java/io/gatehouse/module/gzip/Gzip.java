package io.gatehouse.module.gzip;

import io.gatehouse.coding.Coder;
import io.gatehouse.coding.Compression;
import io.gatehouse.coding.Kept;

/** gzip at a level, by the JDK's zlib. */
record Gzip(int level, Kept<GzipCoder> kept) implements Compression {
    static final String NAME = "gzip";
    static final int LEVELS = 9;

    /** What a Deflater takes whatever the level: windows, hash and pending output of zlib's default sizes. */
    private static final long MEMORY = 300 * 1024;

    private static final int FAST_LEVELS = 6;
    private static final int FAST = 64 * 1024;
    private static final int SLOW = 32 * 1024;

    /** Those that loops keep, by level. */
    private static final Gzip[] ALL = new Gzip[LEVELS + 1];

    static {
        for (int level = 1; level <= LEVELS; level++) {
            ALL[level] = new Gzip(level, new Kept<>());
        }
    }

    static Gzip at(int level) {
        return ALL[level];
    }

    @Override
    public String coding() {
        return NAME;
    }

    @Override
    public Coder open(long length) {
        return GzipCoder.open(level, kept);
    }

    @Override
    public long memory(long length) {
        return MEMORY;
    }

    @Override
    public int easyBytes() {
        return level <= FAST_LEVELS ? FAST : SLOW;
    }
}
