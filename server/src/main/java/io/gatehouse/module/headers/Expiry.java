package io.gatehouse.module.headers;

import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Units;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.Headers;
import io.gatehouse.exchange.HttpDates;
import io.gatehouse.exchange.Template;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;

/**
 * {@code expires}.
 *
 * @param seconds from now, from the last modification or into the day
 * @param evaluated text that is read for each answer; null where all is known
 */
record Expiry(Kind kind, long seconds, @Nullable Template evaluated) {
    enum Kind {
        OFF,
        EPOCH,
        MAX,
        ACCESS,
        MODIFIED,
        DAILY,
    }

    static final Expiry OFF = new Expiry(Kind.OFF, 0, null);
    private static final Expiry EPOCH = new Expiry(Kind.EPOCH, 0, null);
    private static final Expiry MAX = new Expiry(Kind.MAX, 0, null);
    private static final long DAY = 24 * 60 * 60;

    boolean isOff() {
        return kind == Kind.OFF && evaluated == null;
    }

    static Expiry read(Use use) {
        Word word = use.arguments().get(use.count() - 1);
        boolean modified = use.count() == 2;
        if (modified && !use.text(0).equals("modified")) {
            throw use.error("invalid value", use.arguments().get(0), "expected: modified");
        }
        if (use.hasVariables(word.text())) {
            return new Expiry(modified ? Kind.MODIFIED : Kind.ACCESS, 0, use.template(word));
        }
        String text = word.text();
        if (text.startsWith("@") && modified) {
            throw use.error("daily time cannot be used with \"modified\" parameter", word);
        }
        Expiry expiry = parse(text, modified);
        if (expiry == null) {
            boolean daily = text.startsWith("@") && Units.seconds(text.substring(1)) > DAY;
            throw use.error(
                    daily ? "daily time value must be less than 24 hours" : "\"expires\" directive invalid value",
                    word,
                    "expected a time such as 7d or -1, a time of day such as @15h30m, epoch, max or off");
        }
        return expiry;
    }

    private static @Nullable Expiry parse(String text, boolean modified) {
        if (!modified) {
            switch (text) {
                case "epoch":
                    return EPOCH;
                case "max":
                    return MAX;
                case "off":
                    return OFF;
                default:
            }
        }
        boolean daily = text.startsWith("@");
        if (daily && modified) {
            return null;
        }
        boolean minus = text.startsWith("-");
        boolean signed = daily || minus || text.startsWith("+");
        long seconds = Units.seconds(signed ? text.substring(1) : text);
        if (seconds < 0 || daily && seconds > DAY) {
            return null;
        }
        Kind kind = daily ? Kind.DAILY : modified ? Kind.MODIFIED : Kind.ACCESS;
        return new Expiry(kind, minus ? -seconds : seconds, null);
    }

    /** Sets the fields of the answer. */
    void apply(Exchange x) {
        if (evaluated == null) {
            set(x);
            return;
        }
        Expiry known = parse(evaluated.eval(x), kind == Kind.MODIFIED);
        if (known != null) {
            known.set(x);
        }
    }

    private void set(Exchange x) {
        long now = x.loop.wallMillis() / 1000;
        long modified = x.response.lastModifiedSeconds();
        switch (kind) {
            case OFF -> {}
            case EPOCH -> set(x, "Thu, 01 Jan 1970 00:00:01 GMT", "no-cache");
            case MAX -> set(x, "Thu, 31 Dec 2037 23:55:55 GMT", "max-age=315360000");
            case DAILY -> at(x, now, nextTimeOfDay(now, seconds));
            case ACCESS -> at(x, now, now + seconds);
            case MODIFIED -> at(x, now, (modified < 0 ? now : modified) + seconds);
        }
    }

    private void at(Exchange x, long now, long expires) {
        long age = expires - now;
        boolean past = seconds < 0 || age < 0;
        set(x, HttpDates.format(expires), past ? "no-cache" : "max-age=" + age);
    }

    private static long nextTimeOfDay(long now, long secondsOfDay) {
        ZonedDateTime today = Instant.ofEpochSecond(now).atZone(ZoneId.systemDefault());
        LocalTime time = LocalTime.ofSecondOfDay(Math.min(secondsOfDay, DAY - 1));
        ZonedDateTime then = today.with(time);
        return (then.toEpochSecond() > now ? then : then.plusDays(1)).toEpochSecond();
    }

    private static void set(Exchange x, String expires, String cacheControl) {
        Headers out = x.response.headers;
        out.set(FieldName.EXPIRES, expires);
        out.set(FieldName.CACHE_CONTROL, cacheControl);
    }
}
