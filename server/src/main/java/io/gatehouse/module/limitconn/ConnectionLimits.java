package io.gatehouse.module.limitconn;

import io.gatehouse.exchange.AttachmentKey;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Handler;
import io.gatehouse.exchange.Outcome;
import io.gatehouse.exchange.Template;
import io.gatehouse.module.limitconn.ConnectionZone.Verdict;
import io.gatehouse.observe.log.Level;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a request where as many as allowed are under way. A client's request is counted once, to its end, whatever
 * redirects and subrequests follow.
 *
 * @param limits in the order of the file
 */
record ConnectionLimits(Limit[] limits, int status, Level level, boolean dryRun) implements Handler {
    private static final int LONGEST_KEY = 255;

    /** What {@code $limit_conn_status} says. */
    enum Status {
        PASSED,
        REJECTED,
        REJECTED_DRY_RUN,
    }

    static final AttachmentKey<Status> STATUS = AttachmentKey.lasting(Status.class);

    /** One {@code limit_conn}. */
    record Limit(ConnectionZone zone, Template key, int most) {}

    @Override
    public Outcome handle(Exchange x) {
        Exchange main = x.main();
        if (main.attachments.get(STATUS) != null) {
            return Outcome.NEXT;
        }
        @Nullable String[] counted = new @Nullable String[limits.length];
        for (int i = 0; i < limits.length; i++) {
            Limit limit = limits[i];
            String value = limit.key().eval(x);
            if (value.isEmpty() || isTooLong(x, limit, value)) {
                continue;
            }
            main.attachments.put(STATUS, Status.PASSED);
            Verdict verdict = limit.zone().enter(value, limit.most());
            if (verdict != Verdict.COUNTED) {
                return refuse(x, main, limit, verdict, counted);
            }
            counted[i] = value;
        }
        if (main.attachments.get(STATUS) != null) {
            main.whenDone(() -> leave(counted));
        }
        return Outcome.NEXT;
    }

    private static boolean isTooLong(Exchange x, Limit limit, String value) {
        if (value.length() <= LONGEST_KEY) {
            return false;
        }
        x.log(
                Level.ERROR,
                "the value of the \"" + limit.key().source() + "\" key is more than 255 bytes: \"" + value + "\"");
        return true;
    }

    private Outcome refuse(Exchange x, Exchange main, Limit by, Verdict verdict, @Nullable String[] counted) {
        if (verdict == Verdict.FULL) {
            x.log(
                    Level.CRIT,
                    "ngx_slab_alloc() failed: no memory in limit_conn_zone \""
                            + by.zone().name() + "\"");
        } else {
            x.log(
                    level,
                    "limiting connections" + (dryRun ? ", dry run," : "") + " by zone \""
                            + by.zone().name() + "\"");
        }
        leave(counted);
        main.attachments.put(STATUS, dryRun ? Status.REJECTED_DRY_RUN : Status.REJECTED);
        return dryRun ? Outcome.NEXT : Outcome.status(status);
    }

    private void leave(@Nullable String[] counted) {
        for (int i = 0; i < counted.length; i++) {
            String value = counted[i];
            if (value != null) {
                limits[i].zone().leave(value);
            }
        }
    }
}
