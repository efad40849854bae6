package io.gatehouse.protocol;

import io.gatehouse.config.syntax.Units;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Response;
import io.gatehouse.exchange.Template;
import io.gatehouse.observe.log.Level;
import io.gatehouse.wire.Loop;
import org.jspecify.annotations.Nullable;

/**
 * How much of an answer may go so far at so many bytes a second ({@code limit_rate}, {@code limit_rate_after}), by nginx's
 * reckoning: what the whole seconds since the request began allow may go at once, then there is a pause for it.
 */
public final class Pace {
    private final Loop loop;
    private final long rate;
    private final long after;
    private final long startSecond;
    private long sent;
    /** Not before this instant of the loop's clock, in nanoseconds. */
    private long notBefore;

    private Pace(Loop loop, long rate, long after) {
        this.loop = loop;
        this.rate = rate;
        this.after = after;
        this.startSecond = loop.wallMillis() / 1000;
        this.notBefore = loop.nanos();
    }

    /** The limit that holds for the exchange's answer, or null for none. */
    public static @Nullable Pace of(Exchange x) {
        Response response = x.response;
        Template template = x.location.core.limitRate();
        if (!response.limitRateSet && template != null) {
            response.limitRate = size(x, template);
            response.limitRateSet = true;
        }
        if (response.limitRate <= 0) {
            return null;
        }
        Template after = x.location.core.limitRateAfter();
        return new Pace(x.loop, response.limitRate, after == null ? 0 : size(x, after));
    }

    private static long size(Exchange x, Template template) {
        String text = template.eval(x);
        if (text.isEmpty()) {
            return 0;
        }
        long size = Units.size(text);
        if (size == Units.INVALID) {
            x.log(Level.ERROR, "invalid size \"" + text + "\"");
            return 0;
        }
        return size;
    }

    /** Milliseconds to wait before anything more may go; 0 for none. */
    public long delay() {
        return Math.max(0, (notBefore - loop.nanos() + 999_999) / 1_000_000);
    }

    /** Bytes that may go now; 0 begins a pause unless there is one. */
    public long allowed() {
        if (loop.nanos() < notBefore) {
            return 0;
        }
        long allowed = rate * (loop.wallMillis() / 1000 - startSecond + 1) - (sent - after);
        if (allowed <= 0) {
            pause(-allowed * 1000 / rate + 1);
            return 0;
        }
        return allowed;
    }

    /** So many bytes went; pauses as long as they take at the rate. */
    public void sent(long count) {
        long before = sent;
        sent += count;
        pause((Math.max(0, sent - after) - Math.max(0, before - after)) * 1000 / rate);
    }

    private void pause(long millis) {
        notBefore = loop.nanos() + millis * 1_000_000;
    }
}
