package io.gatehouse.observe.log;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one {@code access_log} directive says: {@code off}, or {@code FILE|syslog:... [FORMAT [buffer=SIZE] [flush=TIME]
 * [gzip[=LEVEL]] [if=CONDITION]]}.
 *
 * @param target null for {@code off}
 * @param format the name of the {@code log_format}
 * @param bufferBytes 0 for none
 * @param flushMillis 0 for no limit of time
 * @param gzip level of compression 1 to 9, or 0 for none
 * @param condition the text of {@code if=}, with its variables, or null
 */
public record AccessLogSpec(
        @Nullable LogTarget target,
        String format,
        int bufferBytes,
        long flushMillis,
        int gzip,
        @Nullable String condition) {
    private static final String DEFAULT_FORMAT = "combined";
    private static final int GZIP_BUFFER = 64 * 1024;

    /** @param arguments those after the directive's name, at least one */
    public static AccessLogSpec parse(List<String> arguments) throws InvalidLogArgument {
        String name = arguments.getFirst();
        if (name.equals("off")) {
            if (arguments.size() > 1) {
                throw new InvalidLogArgument(1, "invalid parameter \"" + arguments.get(1) + "\"");
            }
            return new AccessLogSpec(null, DEFAULT_FORMAT, 0, 0, 0, null);
        }
        LogTarget target =
                SyslogSpec.names(name) ? new LogTarget.Syslog(SyslogSpec.parse(name)) : new LogTarget.File(name);
        Parameters parameters = new Parameters();
        for (int i = 2; i < arguments.size(); i++) {
            parameters.read(i, arguments.get(i));
        }
        parameters.check(name, target);
        String format = arguments.size() > 1 ? arguments.get(1) : DEFAULT_FORMAT;
        return new AccessLogSpec(
                target, format, parameters.size, parameters.flush, parameters.gzip, parameters.condition);
    }

    public boolean off() {
        return target == null;
    }

    private static final class Parameters {
        private int size;
        private long flush;
        private int gzip;
        private @Nullable String condition;

        void read(int index, String parameter) throws InvalidLogArgument {
            if (parameter.startsWith("buffer=")) {
                size = (int) positive(index, Quantities.size(parameter.substring(7)), "buffer size", parameter);
            } else if (parameter.startsWith("flush=")) {
                flush = positive(index, Quantities.millis(parameter.substring(6)), "flush time", parameter);
            } else if (parameter.equals("gzip")) {
                gzip(1);
            } else if (parameter.startsWith("gzip=")) {
                long level = Quantities.number(parameter.substring(5));
                gzip((int) positive(index, level > 9 ? -1 : level, "compression level", parameter));
            } else if (parameter.startsWith("if=")) {
                condition = parameter.substring(3);
            } else {
                throw new InvalidLogArgument(index, "invalid parameter \"" + parameter + "\"");
            }
        }

        private void gzip(int level) {
            gzip = level;
            if (size == 0) {
                size = GZIP_BUFFER;
            }
        }

        private static long positive(int index, long value, String what, String parameter) throws InvalidLogArgument {
            if (value <= 0 || value > Integer.MAX_VALUE - 8) {
                String text = parameter.substring(parameter.indexOf('=') + 1);
                throw new InvalidLogArgument(index, "invalid " + what + " \"" + text + "\"");
            }
            return value;
        }

        void check(String name, LogTarget target) throws InvalidLogArgument {
            if (flush > 0 && size == 0) {
                throw new InvalidLogArgument(0, "no buffer is defined for access_log \"" + name + "\"");
            }
            if (size > 0 && target instanceof LogTarget.File file && file.hasVariables()) {
                throw new InvalidLogArgument(0, "buffered logs cannot have variables in name");
            }
            if (size > 0 && target instanceof LogTarget.Syslog) {
                throw new InvalidLogArgument(0, "logs to syslog cannot be buffered");
            }
        }
    }
}
