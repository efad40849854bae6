package io.gatehouse.run;

import io.gatehouse.observe.log.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The retired generations that still have connections, and until when they may ({@code worker_shutdown_timeout}). */
final class Generations {
    private final Clock clock;
    private final List<Retired> retired = new ArrayList<>();

    private record Retired(Generation generation, long untilNanos, boolean limited) {}

    Generations(Clock clock) {
        this.clock = clock;
    }

    void retire(Generation generation) {
        long millis = generation.shutdownMillis();
        long until = clock.nanos() + TimeUnit.MILLISECONDS.toNanos(millis);
        retired.add(new Retired(generation, until, millis > 0));
        generation.retire();
    }

    /** Its last connection has gone. */
    void over(Generation generation) {
        retired.removeIf(one -> one.generation() == generation);
    }

    boolean isEmpty() {
        return retired.isEmpty();
    }

    List<Generation> all() {
        return retired.stream().map(Retired::generation).toList();
    }

    /** Nanoseconds until the first of them has to end; {@link Long#MAX_VALUE} if none has to. */
    long untilFirstEnds() {
        long wait = Long.MAX_VALUE;
        for (Retired one : retired) {
            if (one.limited()) {
                wait = Math.min(wait, Math.max(0, one.untilNanos() - clock.nanos()));
            }
        }
        return wait;
    }

    /** Closes what those whose time is up still have; they will be told as over. */
    void closeOverdue() {
        long now = clock.nanos();
        retired.replaceAll(one -> {
            if (!one.limited() || one.untilNanos() - now > 0) {
                return one;
            }
            one.generation().closeAll();
            return new Retired(one.generation(), 0, false);
        });
    }
}
