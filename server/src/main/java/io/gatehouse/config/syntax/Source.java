package io.gatehouse.config.syntax;

/**
 * One text of a configuration, kept exactly as it was read: a file, or the parameters of the command line's {@code -g}.
 * The text is an octet string (one char per byte). Immutable.
 */
public final class Source {
    private static final String COMMAND_LINE = "command line";

    private final String name;
    private final String text;
    private final boolean file;

    private Source(String name, String text, boolean file) {
        this.name = name;
        this.text = text;
        this.file = file;
    }

    /** A file's content; the name is the path as messages and {@code -T} show it. */
    public static Source file(String name, String text) {
        return new Source(name, text, true);
    }

    /** What was given with {@code -g}. */
    public static Source commandLine(String text) {
        return new Source(COMMAND_LINE, text, false);
    }

    /** The path of the file, or {@code command line}. */
    public String name() {
        return name;
    }

    public String text() {
        return text;
    }

    /** False for what stood on the command line, which nginx neither dumps nor numbers by line. */
    public boolean isFile() {
        return file;
    }

    /** The text of a line, counted from 1, without its end; empty when there is no such line. */
    public String line(int number) {
        int start = 0;
        for (int line = 1; line < number; line++) {
            int lineEnd = text.indexOf('\n', start);
            if (lineEnd < 0) {
                return "";
            }
            start = lineEnd + 1;
        }
        int end = text.indexOf('\n', start);
        if (end < 0) {
            end = text.length();
        }
        if (end > start && text.charAt(end - 1) == '\r') {
            end--;
        }
        return text.substring(start, end);
    }

    @Override
    public String toString() {
        return name;
    }
}
