package io.gatehouse.module.limitconn;

import io.gatehouse.zone.KeyedZone;
import io.gatehouse.zone.ZoneParts;
import io.gatehouse.zone.ZoneSize;
import java.util.HashMap;
import java.util.Map;

/**
 * How many requests with each value of a key are under way. It is shared by all loops and outlives a configuration. A value is
 * forgotten with its last request; what is kept is bounded by the zone's size, and nothing is forgotten for a new value.
 */
final class ConnectionZone extends KeyedZone<ConnectionZone.Shard> {
    /** nginx's record of a value, without the value itself. */
    private static final int STATE_BYTES = 36;

    /** @param key as the configuration writes it; a zone is for one key */
    ConnectionZone(ZoneSize.Named named, String key) {
        super(named, key, Shard::new);
    }

    /** What a zone says to a request. */
    enum Verdict {
        /** It is counted until {@link #leave}. */
        COUNTED,
        /** There are as many already as there may be. */
        REFUSED,
        /** There is no room for another value. */
        FULL,
    }

    Verdict enter(String value, int most) {
        Shard shard = parts.of(value);
        synchronized (shard) {
            return shard.enter(value, most);
        }
    }

    /** Once for each that was counted; from any thread. */
    void leave(String value) {
        Shard shard = parts.of(value);
        synchronized (shard) {
            shard.leave(value);
        }
    }

    private static final class Count {
        int number = 1;
    }

    /** A part of the values. */
    static final class Shard extends ZoneParts.Part {
        private final Map<String, Count> counts = new HashMap<>();

        Shard(long room) {
            super(STATE_BYTES, room);
        }

        @Override
        protected int size() {
            return counts.size();
        }

        Verdict enter(String value, int most) {
            Count count = counts.get(value);
            if (count != null) {
                if (count.number >= most) {
                    return Verdict.REFUSED;
                }
                count.number++;
                return Verdict.COUNTED;
            }
            if (!hasRoom(value)) {
                return Verdict.FULL;
            }
            take(value);
            counts.put(value, new Count());
            return Verdict.COUNTED;
        }

        void leave(String value) {
            Count count = counts.get(value);
            if (count != null && --count.number == 0) {
                counts.remove(value);
                giveBack(value);
            }
        }
    }
}
