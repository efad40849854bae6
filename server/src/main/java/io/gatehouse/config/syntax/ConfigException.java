package io.gatehouse.config.syntax;

import org.jspecify.annotations.Nullable;

/**
 * An error in a configuration. {@link #getMessage()} is nginx's own sentence without the place; the place, the offending
 * text and a hint come beside it. Values of this class are immutable; text is octet strings.
 */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final int WIDTH = 160;

    private final transient @Nullable Position where;
    private final transient @Nullable Position offence;
    private final int offenceLength;
    private final @Nullable String hint;

    private ConfigException(
            String message,
            @Nullable Position where,
            @Nullable Position offence,
            int offenceLength,
            @Nullable String hint) {
        super(message, null, false, true);
        this.where = where;
        this.offence = offence;
        this.offenceLength = offenceLength;
        this.hint = hint;
    }

    /** An error that belongs to no place in a file. */
    public static ConfigException of(String message) {
        return new ConfigException(message, null, null, 0, null);
    }

    /** An error at a place, which is also what the caret shows. */
    public static ConfigException at(Position where, String message) {
        return new ConfigException(message, where, where, 1, null);
    }

    /** An error about a directive as a whole. */
    public static ConfigException at(Node node, String message) {
        return at(node, node.word(), message);
    }

    /** An error about one word of a directive. */
    public static ConfigException at(Node node, Word offending, String message) {
        return at(node.end(), offending, message);
    }

    /** An error that nginx reports at {@code where} and whose cause is {@code offending}. */
    public static ConfigException at(Position where, Word offending, String message) {
        return new ConfigException(message, where, offending.at(), offending.rawLength(), null);
    }

    /** The same error with a sentence on what to write instead. */
    public ConfigException withHint(@Nullable String newHint) {
        ConfigException copy = new ConfigException(message(), where, offence, offenceLength, newHint);
        copy.setStackTrace(getStackTrace());
        return copy;
    }

    /**
     * The same error with the caret under a part of the offending word only.
     *
     * @param offset from the start of the text the caret now stands under
     */
    public ConfigException within(int offset, int length) {
        if (offence == null) {
            return this;
        }
        Position moved = new Position(offence.source(), offence.line(), offence.column() + offset);
        ConfigException copy = new ConfigException(message(), where, moved, length, hint);
        copy.setStackTrace(getStackTrace());
        return copy;
    }

    /** nginx's sentence without the place. */
    public String message() {
        String message = getMessage();
        return message == null ? "" : message;
    }

    /** The place nginx names; null when the error belongs to none. */
    public @Nullable Position where() {
        return where;
    }

    /** Where the offending text begins; null when there is none to show. */
    public @Nullable Position offence() {
        return offence;
    }

    /** What to write instead; null when there is nothing to say. */
    public @Nullable String hint() {
        return hint;
    }

    /** nginx's line: {@code MESSAGE in FILE:LINE}. */
    public String line() {
        return where == null ? message() : message() + where.suffix();
    }

    /** nginx's line, then {@link #detail()} where there is one. */
    public String render() {
        String detail = detail();
        return detail.isEmpty() ? line() : line() + "\n" + detail;
    }

    /** The offending line of the source with a caret under the text that is wrong, and the hint; may be empty. */
    public String detail() {
        if (offence == null) {
            return hint == null ? "" : "    " + hint;
        }
        String line = offence.source().line(offence.line());
        int from = Math.min(offence.column() - 1, line.length());
        int to = Math.min(from + Math.max(offenceLength, 1), line.length());
        int first = Math.max(0, from - WIDTH / 2);
        int last = Math.min(line.length(), first + WIDTH);
        to = Math.min(to, last);

        String gutter = gutter(offence);
        StringBuilder text = new StringBuilder(gutter).append(" | ");
        text.append(printable(line.substring(first, last))).append('\n');
        text.append(" ".repeat(gutter.length())).append(" | ");
        for (int i = first; i < from; i++) {
            appendFiller(text, line.charAt(i), ' ');
        }
        int marked = text.length();
        for (int i = from; i < to; i++) {
            appendFiller(text, line.charAt(i), '^');
        }
        if (text.length() == marked) {
            text.append('^');
        }
        if (hint != null) {
            text.append(' ').append(hint);
        }
        return text.toString();
    }

    private String gutter(Position at) {
        boolean sameFile = where == null || where.source() == at.source();
        return sameFile ? String.format("%5d", at.line()) : "  " + at.file() + ":" + at.line();
    }

    /** A tab stays one, so that the caret fits whatever a tab is wide; the later bytes of a UTF-8 character take no room. */
    private static void appendFiller(StringBuilder text, char c, char filler) {
        if (c == '\t' && filler == ' ') {
            text.append('\t');
        } else if (c < 0x80 || c > 0xBF) {
            text.append(filler);
        }
    }

    /** Control characters would act on the terminal. */
    private static String printable(String line) {
        StringBuilder text = new StringBuilder(line);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\t' && (c < ' ' || c == 0x7F)) {
                text.setCharAt(i, '?');
            }
        }
        return text.toString();
    }
}
