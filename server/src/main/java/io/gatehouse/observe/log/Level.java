package io.gatehouse.observe.log;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How grave a message is, in nginx's names and order: the gravest first. */
public enum Level {
    EMERG(0),
    ALERT(1),
    CRIT(2),
    ERROR(3),
    WARN(4),
    NOTICE(5),
    INFO(6),
    DEBUG(7);

    private static final Level[] ALL = values();

    private final int severity;
    private final String text = name().toLowerCase(Locale.ROOT);

    Level(int severity) {
        this.severity = severity;
    }

    /** 0 for the gravest to 7, as in RFC 3164, 4.1.1. */
    public int severity() {
        return severity;
    }

    /** The name as it stands in a configuration and in a log line. */
    public String text() {
        return text;
    }

    /** Whether a log that is set to this level takes messages of the other. */
    public boolean includes(Level other) {
        return other.severity <= severity;
    }

    /** The level of that exact name, or null. */
    public static @Nullable Level of(String text) {
        for (Level level : ALL) {
            if (level.text.equals(text)) {
                return level;
            }
        }
        return null;
    }
}
