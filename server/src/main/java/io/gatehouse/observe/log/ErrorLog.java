package io.gatehouse.observe.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the messages of one scope of the configuration go: targets, each with a level ({@code error_log}).
 *
 * <p>Immutable; any thread, never waits. A line is {@code YYYY/MM/DD HH:MM:SS [level] PID#TID: *CONNECTION message}, at
 * most 2048 bytes of it as in nginx; the TID is the PID again.
 */
public final class ErrorLog {
    /** The longest line, with its line feed. */
    public static final int LONGEST_LINE = 2048;

    private static final byte[] BEFORE_LEVEL = {' ', '['};

    /** What takes lines. */
    public interface Target {
        /** Takes the first {@code length} bytes: one line with its line feed. Any thread; copies; never waits. */
        void write(Level level, byte[] line, int length);
    }

    /** A target, and down to which level it takes messages. */
    public record Entry(Target target, Level level) {}

    private final List<Entry> entries;
    private final int enabled;
    private final Clock clock;
    private final LogTime time;
    private final byte[] process;

    /** @param entries in the order of the configuration; a target that is named twice gets each line twice */
    public ErrorLog(List<Entry> entries, Clock clock, LogTime time, long pid) {
        // Stable, as nginx's list is: the most talkative first, so that a message can stop at the first that is not.
        List<Entry> sorted = new ArrayList<>(entries);
        sorted.sort((one, other) -> other.level().compareTo(one.level()));
        this.entries = List.copyOf(sorted);
        this.clock = clock;
        this.time = time;
        enabled = sorted.isEmpty() ? -1 : sorted.getFirst().level().severity();
        process = ("] " + pid + "#" + pid + ": ").getBytes(ISO_8859_1);
    }

    private ErrorLog(ErrorLog other, List<Entry> entries) {
        this.entries = entries;
        clock = other.clock;
        time = other.time;
        process = other.process;
        enabled = entries.isEmpty() ? -1 : Level.DEBUG.severity();
    }

    /** Whether a message of this level goes anywhere; asked before a message is built. */
    public boolean isEnabled(Level level) {
        return level.severity() <= enabled;
    }

    /** The same targets, all down to debug: for the connections that {@code debug_connection} names. */
    public ErrorLog debugging() {
        return new ErrorLog(
                this,
                entries.stream().map(e -> new Entry(e.target(), Level.DEBUG)).toList());
    }

    /** The targets and levels, the most talkative first. */
    public List<Entry> entries() {
        return entries;
    }

    /** A message that belongs to no connection. */
    public void log(Level level, String message) {
        log(level, 0, message);
    }

    /**
     * @param connection the connection's number, or 0 for none
     * @param message an octet string without a line feed, with the context that nginx would add
     */
    public void log(Level level, long connection, String message) {
        if (!isEnabled(level)) {
            return;
        }
        byte[] line = new byte[Math.min(LONGEST_LINE, 80 + message.length())];
        int length = format(line, level, connection, message);
        for (Entry entry : entries) {
            if (!entry.level().includes(level)) {
                break;
            }
            entry.target().write(level, line, length);
        }
    }

    private int format(byte[] line, Level level, long connection, String message) {
        int p = put(line, 0, time.at(clock.wallMillis()).errorLogBytes());
        p = put(line, p, BEFORE_LEVEL);
        p = put(line, p, level.text());
        p = put(line, p, process);
        if (connection != 0) {
            p = put(line, p, "*" + connection + " ");
        }
        p = put(line, p, message);
        line[p] = '\n';
        return p + 1;
    }

    private static int put(byte[] line, int p, String text) {
        return put(line, p, text.getBytes(ISO_8859_1));
    }

    /** Leaves the last byte for the line feed. */
    private static int put(byte[] line, int p, byte[] bytes) {
        int length = Math.min(bytes.length, line.length - 1 - p);
        System.arraycopy(bytes, 0, line, p, length);
        return p + length;
    }
}
