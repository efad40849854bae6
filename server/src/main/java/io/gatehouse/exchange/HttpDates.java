package io.gatehouse.exchange;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;

/** The dates of HTTP (RFC 9110, 5.6.7): written as IMF-fixdate, read in its three forms. */
public final class HttpDates {
    private static final DateTimeFormatter FIXDATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final List<DateTimeFormatter> FORMS = List.of(
            FIXDATE,
            new DateTimeFormatterBuilder()
                    .appendPattern("EEEE, dd-MMM-")
                    .appendValueReduced(java.time.temporal.ChronoField.YEAR, 2, 2, 1970)
                    .appendPattern(" HH:mm:ss 'GMT'")
                    .toFormatter(Locale.ROOT),
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT));

    private HttpDates() {}

    /** Seconds since 1970 as IMF-fixdate. */
    public static String format(long seconds) {
        return FIXDATE.format(Instant.ofEpochSecond(seconds));
    }

    /** Seconds since 1970; -1 if the text is no date of HTTP. */
    public static long parse(String text) {
        for (DateTimeFormatter form : FORMS) {
            try {
                return LocalDateTime.parse(text.strip(), form).toEpochSecond(ZoneOffset.UTC);
            } catch (DateTimeParseException otherForm) {
                // the next one may fit
            }
        }
        return -1;
    }
}
