package io.gatehouse.observe.log;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one {@code error_log} directive says: {@code FILE|stderr|syslog:...|memory:SIZE [LEVEL]}. */
public record ErrorLogSpec(LogTarget target, Level level) {
    /** nginx asks for room for its headline and one line. */
    private static final int SMALLEST_MEMORY = ErrorLog.LONGEST_LINE + 64;

    /** nginx's debug messages of one of its parts; ours have no parts, so any of these is debug. */
    private static final List<String> DEBUG_PARTS = List.of(
            "debug_core", "debug_alloc", "debug_mutex", "debug_event", "debug_http", "debug_mail", "debug_stream");

    /** @param arguments those after the directive's name, at least one */
    public static ErrorLogSpec parse(List<String> arguments) throws InvalidLogArgument {
        return new ErrorLogSpec(target(arguments.getFirst()), level(arguments));
    }

    private static LogTarget target(String text) throws InvalidLogArgument {
        if (text.equals("stderr")) {
            return new LogTarget.Stderr();
        }
        if (text.startsWith("memory:")) {
            String size = text.substring("memory:".length());
            long bytes = Quantities.size(size);
            if (bytes < SMALLEST_MEMORY || bytes > Integer.MAX_VALUE - 8) {
                throw new InvalidLogArgument(0, "invalid buffer size \"" + size + "\"");
            }
            return new LogTarget.Memory((int) bytes);
        }
        return SyslogSpec.names(text) ? new LogTarget.Syslog(SyslogSpec.parse(text)) : new LogTarget.File(text);
    }

    private static Level level(List<String> arguments) throws InvalidLogArgument {
        @Nullable Level level = null;
        boolean part = false;
        for (int i = 1; i < arguments.size(); i++) {
            String text = arguments.get(i);
            Level named = Level.of(text);
            if (named != null) {
                if (level != null) {
                    throw new InvalidLogArgument(i, "duplicate log level \"" + text + "\"");
                }
                level = named;
            } else if (DEBUG_PARTS.contains(text) && (level == null || part)) {
                level = Level.DEBUG;
                part = true;
            } else {
                throw new InvalidLogArgument(i, "invalid log level \"" + text + "\"");
            }
        }
        return level == null ? Level.ERROR : level;
    }
}
