package io.gatehouse.observe.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.TimeZone;

/**
 * The time as the logs and HTTP write it, made once a second and handed out from then on.
 *
 * <p>From any thread. Calls that ask for the same second get the same object; two threads on either side of a second's
 * end merely make it again.
 */
public final class LogTime {
    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };
    private static final String[] DAYS = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

    /** Not java.time's: the first zone of theirs has all jars opened in search of more rules, a fifth of a start. */
    private final TimeZone zone;

    private volatile Second latest;

    /** @param zone what is local; {@code TimeZone.getDefault()} outside of tests */
    public LogTime(TimeZone zone) {
        this.zone = zone;
        latest = new Second(0, zone);
    }

    /** The forms of the second that the instant lies in. */
    public Second at(long wallMillis) {
        long epochSecond = Math.floorDiv(wallMillis, 1000L);
        Second second = latest;
        if (second.epochSecond != epochSecond) {
            second = new Second(epochSecond, zone);
            latest = second;
        }
        return second;
    }

    /** Any instant as an HTTP date, such as {@code Mon, 28 Sep 1970 06:00:00 GMT} (IMF-fixdate; RFC 9110, 5.6.7). */
    public static String httpDate(long epochSecond) {
        LocalDateTime t = LocalDateTime.ofEpochSecond(epochSecond, 0, ZoneOffset.UTC);
        StringBuilder s = new StringBuilder(29);
        s.append(DAYS[t.getDayOfWeek().getValue() - 1]).append(", ");
        two(s, t.getDayOfMonth()).append(' ').append(month(t)).append(' ');
        two(two(s, t.getYear() / 100), t.getYear() % 100).append(' ');
        return clock(s, t).append(" GMT").toString();
    }

    private static String month(LocalDateTime t) {
        return MONTHS[t.getMonthValue() - 1];
    }

    private static StringBuilder clock(StringBuilder s, LocalDateTime t) {
        two(s, t.getHour()).append(':');
        two(s, t.getMinute()).append(':');
        return two(s, t.getSecond());
    }

    private static StringBuilder two(StringBuilder s, int number) {
        return s.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    /** One second in every form. The arrays are shared: they are read, never changed. */
    public static final class Second {
        private final long epochSecond;
        private final String errorLog;
        private final String local;
        private final String iso8601;
        private final String syslog;
        private final String http;
        private final byte[] errorLogBytes;
        private final byte[] localBytes;
        private final byte[] iso8601Bytes;
        private final byte[] syslogBytes;
        private final byte[] httpBytes;

        private Second(long epochSecond, TimeZone zone) {
            this.epochSecond = epochSecond;
            ZoneOffset offset = ZoneOffset.ofTotalSeconds(zone.getOffset(epochSecond * 1000) / 1000);
            LocalDateTime t = LocalDateTime.ofEpochSecond(epochSecond, 0, offset);
            errorLog = clock(date(t, '/').append(' '), t).toString();
            local = local(t, offset);
            iso8601 = zone(clock(date(t, '-').append('T'), t), offset, ":").toString();
            syslog = syslog(t);
            http = httpDate(epochSecond);
            errorLogBytes = errorLog.getBytes(ISO_8859_1);
            localBytes = local.getBytes(ISO_8859_1);
            iso8601Bytes = iso8601.getBytes(ISO_8859_1);
            syslogBytes = syslog.getBytes(ISO_8859_1);
            httpBytes = http.getBytes(ISO_8859_1);
        }

        private static StringBuilder date(LocalDateTime t, char separator) {
            StringBuilder s = new StringBuilder(26);
            two(two(s, t.getYear() / 100), t.getYear() % 100).append(separator);
            two(s, t.getMonthValue()).append(separator);
            return two(s, t.getDayOfMonth());
        }

        private static String local(LocalDateTime t, ZoneOffset offset) {
            StringBuilder s = new StringBuilder(26);
            two(s, t.getDayOfMonth()).append('/').append(month(t)).append('/');
            s.append(t.getYear()).append(':');
            return zone(clock(s, t).append(' '), offset, "").toString();
        }

        private static String syslog(LocalDateTime t) {
            StringBuilder s = new StringBuilder(15).append(month(t)).append(' ');
            if (t.getDayOfMonth() < 10) {
                s.append(' ');
            }
            return clock(s.append(t.getDayOfMonth()).append(' '), t).toString();
        }

        private static StringBuilder zone(StringBuilder s, ZoneOffset offset, String separator) {
            int minutes = Math.abs(offset.getTotalSeconds() / 60);
            s.append(offset.getTotalSeconds() < 0 ? '-' : '+');
            two(s, minutes / 60).append(separator);
            return two(s, minutes % 60);
        }

        /** {@code YYYY/MM/DD HH:MM:SS}, local. */
        public String errorLog() {
            return errorLog;
        }

        /** {@code dd/Mon/yyyy:HH:mm:ss +zzzz}, what {@code $time_local} is. */
        public String local() {
            return local;
        }

        /** {@code yyyy-mm-ddTHH:mm:ss+zz:zz}, what {@code $time_iso8601} is. */
        public String iso8601() {
            return iso8601;
        }

        /** {@code Mon dd HH:mm:ss}, the day padded with a blank, local (RFC 3164, 4.1.2). */
        public String syslog() {
            return syslog;
        }

        /** The value of a {@code Date} field (RFC 9110, 6.6.1). */
        public String http() {
            return http;
        }

        public byte[] errorLogBytes() {
            return errorLogBytes;
        }

        public byte[] localBytes() {
            return localBytes;
        }

        public byte[] iso8601Bytes() {
            return iso8601Bytes;
        }

        public byte[] syslogBytes() {
            return syslogBytes;
        }

        public byte[] httpBytes() {
            return httpBytes;
        }
    }
}
