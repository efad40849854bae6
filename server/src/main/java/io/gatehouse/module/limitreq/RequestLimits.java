package io.gatehouse.module.limitreq;

import io.gatehouse.exchange.AttachmentKey;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Handler;
import io.gatehouse.exchange.Outcome;
import io.gatehouse.exchange.Template;
import io.gatehouse.module.limitreq.RequestZone.Answer;
import io.gatehouse.module.limitreq.RequestZone.State;
import io.gatehouse.module.limitreq.RequestZone.Verdict;
import io.gatehouse.observe.log.Level;
import io.gatehouse.wire.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * Lets a request pass, wait or be refused by the limits of its place: it must pass all of them, and waits as long as the one
 * that says longest. A client's request is asked once, whatever redirects and subrequests follow.
 *
 * @param limits in the order of the file
 * @param limitLevel at which a refused request is told
 * @param delayLevel at which a delayed request is told
 */
record RequestLimits(Limit[] limits, int status, Level limitLevel, Level delayLevel, boolean dryRun)
        implements Handler {
    private static final int LONGEST_KEY = 65_535;

    /** What {@code $limit_req_status} says. */
    enum Status {
        PASSED,
        DELAYED,
        REJECTED,
        DELAYED_DRY_RUN,
        REJECTED_DRY_RUN,
    }

    static final AttachmentKey<Status> STATUS = AttachmentKey.lasting(Status.class);

    /**
     * One {@code limit_req}.
     *
     * @param rate thousandths of a request in a second
     * @param burst how far ahead a request may be, in thousandths of a request
     * @param delay how far ahead it may be without waiting, in thousandths of a request
     */
    record Limit(RequestZone zone, Template key, long rate, long burst, long delay) {
        /** Milliseconds that a request which is so far ahead waits. */
        long waits(long excess) {
            return excess <= delay ? 0 : (excess - delay) * 1000 / rate;
        }
    }

    @Override
    public Outcome handle(Exchange x) {
        Exchange main = x.main();
        if (main.attachments.get(STATUS) != null) {
            return Outcome.NEXT;
        }
        long now = Math.floorDiv(x.loop.nanos(), 1_000_000L);
        Answer answer = new Answer();
        @Nullable State[] held = new @Nullable State[limits.length];
        Verdict verdict = null;
        Limit last = limits[0];
        for (int i = 0; i < limits.length; i++) {
            Limit limit = limits[i];
            String value = limit.key().eval(x);
            if (value.isEmpty() || isTooLong(x, limit, value)) {
                continue;
            }
            last = limit;
            verdict = limit.zone().ask(value, limit.rate(), limit.burst(), now, i == limits.length - 1, answer);
            if (verdict != Verdict.HELD) {
                break;
            }
            held[i] = answer.held;
        }
        if (verdict == null) {
            return Outcome.NEXT;
        }
        if (verdict == Verdict.REFUSED || verdict == Verdict.FULL) {
            return refuse(x, main, last, held, verdict == Verdict.FULL ? -1 : answer.excess);
        }
        return pass(x, main, last, held, verdict == Verdict.COUNTED ? answer.excess : 0, now);
    }

    private static boolean isTooLong(Exchange x, Limit limit, String value) {
        if (value.length() <= LONGEST_KEY) {
            return false;
        }
        x.log(
                Level.ERROR,
                "the value of the \"" + limit.key().source() + "\" key is more than 65535 bytes: \"" + value + "\"");
        return true;
    }

    private Outcome refuse(Exchange x, Exchange main, Limit by, @Nullable State[] held, long excess) {
        if (excess < 0) {
            x.log(
                    Level.ALERT,
                    "could not allocate node in limit_req zone \"" + by.zone().name() + "\"");
        } else if (x.isLogged(limitLevel)) {
            x.log(
                    limitLevel,
                    "limiting requests" + dry() + ", excess: " + thousandths(excess) + " by zone \""
                            + by.zone().name() + "\"");
        }
        for (State state : held) {
            if (state != null) {
                state.release();
            }
        }
        main.attachments.put(STATUS, dryRun ? Status.REJECTED_DRY_RUN : Status.REJECTED);
        return dryRun ? Outcome.NEXT : Outcome.status(status);
    }

    private Outcome pass(Exchange x, Exchange main, Limit last, @Nullable State[] held, long lastExcess, long now) {
        Limit by = last;
        long excess = lastExcess;
        long wait = last.waits(lastExcess);
        for (int i = held.length - 1; i >= 0; i--) {
            State state = held[i];
            if (state == null) {
                continue;
            }
            long counted = state.count(limits[i].rate(), now);
            long its = limits[i].waits(counted);
            if (its > wait) {
                wait = its;
                excess = counted;
                by = limits[i];
            }
        }
        if (wait == 0) {
            main.attachments.put(STATUS, Status.PASSED);
            return Outcome.NEXT;
        }
        if (x.isLogged(delayLevel)) {
            x.log(
                    delayLevel,
                    "delaying request" + dry() + ", excess: " + thousandths(excess) + ", by zone \""
                            + by.zone().name() + "\"");
        }
        if (dryRun) {
            main.attachments.put(STATUS, Status.DELAYED_DRY_RUN);
            return Outcome.NEXT;
        }
        main.attachments.put(STATUS, Status.DELAYED);
        Deadline deadline = x.loop.deadline(() -> x.resume(Outcome.NEXT));
        deadline.in(wait);
        x.whenDone(deadline::clear);
        return Outcome.WAITING;
    }

    private String dry() {
        return dryRun ? ", dry run" : "";
    }

    /** "1.005" for 1005. */
    private static String thousandths(long number) {
        return number / 1000 + "." + Long.toString(1000 + number % 1000).substring(1);
    }
}
