package io.gatehouse.tls.acme;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** When certificates are renewed and attempts are repeated, and how such times are written. */
final class Times {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** A certificate that lives shorter is renewed after half of its life, others after two thirds. */
    static final Duration SHORT_LIFE = Duration.ofDays(10);

    /** What an authority suggests is asked for not more and not less often. RFC 9773, 4.3.2. */
    static final Duration SHORTEST_ASK = Duration.ofMinutes(1);

    static final Duration LONGEST_ASK = Duration.ofDays(1);
    static final Duration USUAL_ASK = Duration.ofHours(6);

    /** However long an authority wants to be left alone. */
    static final Duration LONGEST_LIMIT = Duration.ofDays(7);

    /** In minutes: how long to wait after so many failures in a row. */
    private static final int[] RETRY_MINUTES = {2, 10, 30, 60, 120, 240, 360, 720};

    /** In seconds. */
    private static final long HOUR = 3_600;

    private static final long DAY = 24 * HOUR;

    private static final Duration SHORTEST_RETRY_CAP = Duration.ofMinutes(30);

    private Times() {}

    /**
     * When to renew by age alone. Each certificate is a little earlier than the rule, by its serial number, so that many that
     * were made together do not come back together.
     */
    static Instant byAge(X509Certificate certificate) {
        Instant from = certificate.getNotBefore().toInstant();
        Duration life = Duration.between(from, certificate.getNotAfter().toInstant());
        Duration share = life.compareTo(SHORT_LIFE) < 0
                ? life.dividedBy(2)
                : life.multipliedBy(2).dividedBy(3);
        int fiftieth = Math.floorMod(certificate.getSerialNumber().hashCode(), 1_000);
        return from.plus(share).minus(life.multipliedBy(fiftieth).dividedBy(50_000));
    }

    /**
     * A moment in the window that an authority suggests, any with the same chance (RFC 9773, 4.2); in time before the
     * certificate ends, whatever is suggested.
     */
    static Instant within(Instant start, Instant end, X509Certificate certificate, RandomGenerator random) {
        Instant notAfter = certificate.getNotAfter().toInstant();
        Duration life = Duration.between(certificate.getNotBefore().toInstant(), notAfter);
        Instant latest = notAfter.minus(life.dividedBy(10));
        long span = Math.max(0, Duration.between(start, end).toMillis());
        Instant chosen = start.plusMillis(span == 0 ? 0 : random.nextLong(span));
        return chosen.isAfter(latest) ? latest : chosen;
    }

    /**
     * How long to wait after failures in a row: longer and longer, give or take a fifth.
     *
     * @param life of the certificate at hand: it is waited for a twentieth of it at most, or half an hour; zero for none
     */
    static Duration afterFailures(int failures, Duration life, RandomGenerator random) {
        Duration wait = Duration.ofMinutes(RETRY_MINUTES[Math.min(failures, RETRY_MINUTES.length) - 1]);
        if (life.isPositive()) {
            Duration cap = clamp(life.dividedBy(20), SHORTEST_RETRY_CAP, LONGEST_ASK);
            wait = wait.compareTo(cap) > 0 ? cap : wait;
        }
        return wait.multipliedBy(80 + random.nextInt(41)).dividedBy(100);
    }

    /** The longest that is waited after so many failures in a row. */
    static Duration longestAfterFailures(int failures) {
        int minutes = RETRY_MINUTES[Math.clamp(failures, 1, RETRY_MINUTES.length) - 1];
        return Duration.ofMinutes(minutes).multipliedBy(120).dividedBy(100);
    }

    static Duration clamp(Duration time, Duration least, Duration most) {
        return time.compareTo(least) < 0 ? least : time.compareTo(most) > 0 ? most : time;
    }

    static String text(Instant time) {
        return DATE.format(time);
    }

    /** "3 h", "7 d", "90 s": rounded. */
    static String text(Duration time) {
        long seconds = time.toSeconds();
        if (seconds >= 2 * DAY) {
            return (seconds + DAY / 2) / DAY + " d";
        }
        if (seconds >= 2 * HOUR || seconds == HOUR) {
            return (seconds + HOUR / 2) / HOUR + " h";
        }
        return seconds >= 120 ? (seconds + 30) / 60 + " min" : seconds + " s";
    }
}
