package io.gatehouse.zone;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/**
 * The values of a zone's key, divided into parts with a lock each: loops meet only at the lock of the part that a value falls
 * into, for as long as a look-up takes. Whoever uses a part synchronizes on it. From any thread.
 *
 * @param <P> what a part keeps
 */
public final class ZoneParts<P extends ZoneParts.Part> {
    private final List<P> parts = new ArrayList<>();

    /**
     * @param size of the zone, in bytes
     * @param part makes a part with room for so many bytes
     */
    public ZoneParts(long size, LongFunction<P> part) {
        int count = ZoneSize.shards(size);
        for (int i = 0; i < count; i++) {
            parts.add(part.apply(ZoneSize.room(size) / count));
        }
    }

    /** The part that the value falls into. */
    public P of(String value) {
        return parts.get(ZoneSize.shard(value, parts.size()));
    }

    /** How many values are kept in all. */
    public int size() {
        int size = 0;
        for (P part : parts) {
            synchronized (part) {
                size += part.size();
            }
        }
        return size;
    }

    /** A part of the values, and the bytes that they take of its room. */
    public abstract static class Part {
        private final int stateBytes;
        private final long room;
        private long taken;

        /**
         * @param stateBytes of nginx's record of a value, without the value itself
         * @param room bytes
         */
        protected Part(int stateBytes, long room) {
            this.stateBytes = stateBytes;
            this.room = room;
        }

        /** How many values it keeps. */
        protected abstract int size();

        protected final boolean hasRoom(String value) {
            return taken + cost(value) <= room;
        }

        protected final void take(String value) {
            taken += cost(value);
        }

        protected final void giveBack(String value) {
            taken -= cost(value);
        }

        private long cost(String value) {
            return ZoneSize.cost(stateBytes + value.length());
        }
    }
}
