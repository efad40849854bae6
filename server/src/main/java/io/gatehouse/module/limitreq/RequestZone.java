package io.gatehouse.module.limitreq;

import io.gatehouse.zone.KeyedZone;
import io.gatehouse.zone.ZoneParts;
import io.gatehouse.zone.ZoneSize;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far requests with each value of a key are ahead of the rate, in thousandths of a request (nginx's leaky bucket). It
 * is shared by all loops and outlives a configuration. What is kept is bounded by the zone's size; a new value takes the place
 * of the one that was asked for longest ago.
 */
final class RequestZone extends KeyedZone<RequestZone.Shard> {
    /** nginx's record of a value, without the value itself. */
    private static final int STATE_BYTES = 80;

    /** A value that was quiet for so long, and has come below the rate, is forgotten when room is wanted. */
    private static final long QUIET_MILLIS = 60_000;

    /** Longer ago than any rate needs to let one request pass. */
    private static final long LONG_AGO_MILLIS = 3_600_000;

    /** @param key as the configuration writes it; a zone is for one key */
    RequestZone(ZoneSize.Named named, String key) {
        super(named, key, Shard::new);
    }

    /** What a zone says to a request. */
    enum Verdict {
        /** It passes, and is counted. */
        COUNTED,
        /** It passes here, and is counted when the other zones have let it pass: {@link Answer#held}. */
        HELD,
        /** It is too far ahead. */
        REFUSED,
        /** There is no room for another value. */
        FULL,
    }

    /** Takes what {@link #ask} finds; one for each request. */
    static final class Answer {
        long excess;

        @Nullable
        State held;
    }

    /** One value of the key. Guarded by its shard. */
    static final class State {
        final Shard home;
        private long excess;
        private long last;
        private int holders;

        State(Shard home, long last) {
            this.home = home;
            this.last = last;
        }

        /** The excess with one request more; 0 or more. */
        private long next(long rate, long passed) {
            return Math.max(0, excess - rate * passed / 1000 + 1000);
        }

        /** Milliseconds since the last request; other loops' clocks may be ahead by a turn. */
        private long passed(long now) {
            long passed = now - last;
            return passed < -QUIET_MILLIS ? 1 : Math.max(0, passed);
        }

        /** Counts a request that was held, and returns the excess. */
        long count(long rate, long now) {
            synchronized (home) {
                long passed = passed(now);
                excess = next(rate, passed);
                if (passed != 0) {
                    last = now;
                }
                holders--;
                return excess;
            }
        }

        /** Gives up a request that was held. */
        void release() {
            synchronized (home) {
                holders--;
            }
        }
    }

    /**
     * Asks for one request.
     *
     * @param rate thousandths of a request in a second
     * @param burst thousandths of a request
     * @param now milliseconds of the loop's clock
     * @param counts whether to count it at once if it passes, or to hold it
     */
    Verdict ask(String value, long rate, long burst, long now, boolean counts, Answer answer) {
        Shard shard = parts.of(value);
        synchronized (shard) {
            return shard.ask(value, rate, burst, now, counts, answer);
        }
    }

    /** A part of the values: a map in the order of their use, the one that was asked for longest ago first. */
    static final class Shard extends ZoneParts.Part {
        private final Map<String, State> states = new LinkedHashMap<>(16, 0.75f, true);

        Shard(long room) {
            super(STATE_BYTES, room);
        }

        @Override
        protected int size() {
            return states.size();
        }

        Verdict ask(String value, long rate, long burst, long now, boolean counts, Answer answer) {
            State state = states.get(value);
            if (state == null) {
                answer.excess = 0;
                return create(value, rate, now, counts, answer);
            }
            long passed = state.passed(now);
            long excess = state.next(rate, passed);
            answer.excess = excess;
            if (excess > burst) {
                return Verdict.REFUSED;
            }
            if (!counts) {
                state.holders++;
                answer.held = state;
                return Verdict.HELD;
            }
            state.excess = excess;
            if (passed != 0) {
                state.last = now;
            }
            return Verdict.COUNTED;
        }

        private Verdict create(String value, long rate, long now, boolean counts, Answer answer) {
            expire(rate, now, false);
            if (!hasRoom(value)) {
                expire(rate, now, true);
                if (!hasRoom(value)) {
                    return Verdict.FULL;
                }
            }
            take(value);
            State state = new State(this, counts ? now : now - LONG_AGO_MILLIS);
            states.put(value, state);
            if (counts) {
                return Verdict.COUNTED;
            }
            state.holders = 1;
            answer.held = state;
            return Verdict.HELD;
        }

        /** Forgets up to two values that are quiet, after the eldest one where that is {@code forced}. */
        private void expire(long rate, long now, boolean forced) {
            Iterator<Map.Entry<String, State>> eldest = states.entrySet().iterator();
            for (int i = forced ? 0 : 1; i < 3 && eldest.hasNext(); i++) {
                Map.Entry<String, State> entry = eldest.next();
                State state = entry.getValue();
                if (state.holders > 0 || i > 0 && !isQuiet(state, rate, now)) {
                    return;
                }
                giveBack(entry.getKey());
                eldest.remove();
            }
        }

        private static boolean isQuiet(State state, long rate, long now) {
            long passed = Math.abs(now - state.last);
            return passed >= QUIET_MILLIS && state.excess - rate * passed / 1000 <= 0;
        }
    }
}
