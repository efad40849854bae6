package io.gatehouse.module.zstd;

import io.gatehouse.coding.Coder;
import io.gatehouse.coding.Compression;

/** zstd at a level, by its own library. */
record Zstd(int level) implements Compression {
    static final String NAME = "zstd";
    static final int FASTEST = -131_072;

    /** Higher levels need windows that RFC 9659 forbids. */
    static final int BEST = 19;

    private static final int EASY_BYTES = 64 * 1024;
    private static final long MIB = 1 << 20;
    /** A short body needs so much for each of its bytes, whatever the level. */
    private static final long TIMES = 16;

    @Override
    public String coding() {
        return NAME;
    }

    @Override
    public Coder open(long length) {
        return new ZstdCoder(level, length);
    }

    /** The window and the tables of the level. */
    @Override
    public long memory(long length) {
        long most;
        if (level <= 2) {
            most = 2 * MIB;
        } else if (level <= 5) {
            most = 5 * MIB;
        } else if (level <= 9) {
            most = 14 * MIB;
        } else if (level <= 12) {
            most = 36 * MIB;
        } else if (level <= 15) {
            most = 44 * MIB;
        } else {
            most = 100 * MIB;
        }
        return length < 0 ? most : Math.min(most, MIB / 2 + TIMES * length);
    }

    @Override
    public int easyBytes() {
        if (level <= 6) {
            return EASY_BYTES;
        }
        return level <= 9 ? EASY_BYTES / 2 : level <= 15 ? EASY_BYTES / 8 : 0;
    }
}
