package io.gatehouse.zone;

import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Units;
import io.gatehouse.config.syntax.Word;

/**
 * What fits into a zone of so many bytes, by the arithmetic of nginx's slabs on a 64-bit system: pages of 4 KiB, in which
 * a state takes the next power of two. The heap takes about as much for the short keys of addresses.
 */
public final class ZoneSize {
    private static final int PAGE = 4096;
    /** What nginx keeps beside a page to know what is in it. */
    private static final int PAGE_RECORD = 24;
    /** The pool's head: its slots and their counters. */
    private static final int POOL_HEAD = 704;
    /** Pages that hold what belongs to the whole zone. */
    private static final int PAGES_APART = 1;

    private static final int LEAST_CHUNK = 8;
    private static final int LEAST_PAGES = 8;
    private static final long SHARD_BYTES = 64 * 1024;
    private static final int MOST_SHARDS = 16;

    private ZoneSize() {}

    /** Bytes that states may take in a zone of that size. */
    public static long room(long size) {
        return Math.max(1, (size - POOL_HEAD) / (PAGE + PAGE_RECORD) - PAGES_APART) * PAGE;
    }

    /** Bytes of the room that a state of {@code size} bytes takes. */
    public static long cost(int size) {
        if (size > PAGE / 2) {
            return (size + PAGE - 1L) / PAGE * PAGE;
        }
        return size <= LEAST_CHUNK ? LEAST_CHUNK : Integer.highestOneBit(size - 1) << 1;
    }

    /**
     * Into how many parts with a lock each a zone is divided, a power of two: one for a small zone, so that its room is
     * used to the end, and enough of them for a large one that loops seldom meet at one lock.
     */
    public static int shards(long size) {
        long parts = Math.clamp(size / SHARD_BYTES, 1, MOST_SHARDS);
        return Integer.highestOneBit((int) parts);
    }

    /** Spreads the bits of a key's hash, of which the lowest choose the part. */
    public static int shard(String key, int shards) {
        int hash = key.hashCode() * 0x9e3779b9;
        return hash >>> 16 & shards - 1;
    }

    /**
     * A name and a size out of {@code zone=name:size}.
     *
     * @param name never empty
     * @param size bytes
     */
    public record Named(String name, long size) {
        /** @throws io.gatehouse.config.syntax.ConfigException if the size is none or too small */
        public static Named of(Use use, Word argument) {
            String text = argument.text().substring("zone=".length());
            int colon = text.indexOf(':');
            long size = colon < 0 ? Units.INVALID : Units.size(text.substring(colon + 1));
            if (size == Units.INVALID) {
                throw use.error(
                        "invalid zone size \"" + argument.text() + "\"",
                        argument,
                        "a zone has a name and a size: zone=name:10m");
            }
            if (size < (long) LEAST_PAGES * PAGE) {
                throw use.error(
                        "zone \"" + argument.text() + "\" is too small", argument, "the least is 32k, eight pages");
            }
            return new Named(text.substring(0, colon), size);
        }
    }
}
