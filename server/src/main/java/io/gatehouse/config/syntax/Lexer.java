package io.gatehouse.config.syntax;

import java.util.List;

/**
 * Reads one text word by word, as nginx's ngx_conf_read_token does: the same words, the same errors, the same line in
 * them.
 */
final class Lexer {
    /** How a run of words ended. */
    enum Ending {
        SEMICOLON,
        BLOCK_OPENS,
        BLOCK_CLOSES,
        TEXT_ENDS
    }

    /** nginx reads a file through a buffer of this size, and a word with all before its end has to fit. */
    static final int LONGEST_WORD = 4096;

    private final Source source;
    private final String text;
    private int next;
    private int line;
    private int lineStart;

    /** Where the word being read starts (after its quote), or where the last one did. */
    private int start;

    private int startLine;
    private int startLineStart;

    private Quote quote = Quote.NONE;

    Lexer(Source source) {
        this.source = source;
        this.text = source.text();
        this.line = source.isFile() ? 1 : 0;
    }

    /** The place of the character read last: the one that ended the words. */
    Position at() {
        return new Position(source, line, Math.max(1, next - lineStart));
    }

    /** Where the text ends, once it did. */
    Position end() {
        return new Position(source, line, next - lineStart + 1);
    }

    /** Adds the words up to the next {@code ;} or brace to the list. */
    Ending read(List<Word> words) {
        boolean needSpace = false;
        boolean betweenWords = true;
        boolean comment = false;
        boolean escaped = false;
        boolean variable = false;
        quote = Quote.NONE;
        markStart(next);

        for (; ; ) {
            if (next >= text.length()) {
                return endOfText(words, betweenWords);
            }
            if (next - start == LONGEST_WORD && source.isFile()) {
                throw tooLong();
            }
            char c = text.charAt(next++);
            if (c == '\n') {
                line++;
                lineStart = next;
                comment = false;
            }
            if (comment) {
                continue;
            }
            if (escaped) {
                escaped = false;
                continue;
            }
            if (needSpace) {
                switch (c) {
                    case ' ', '\t', '\r', '\n' -> {
                        betweenWords = true;
                        needSpace = false;
                        continue;
                    }
                    case ';' -> {
                        return Ending.SEMICOLON;
                    }
                    case '{' -> {
                        return Ending.BLOCK_OPENS;
                    }
                    case ')' -> {
                        betweenWords = true;
                        needSpace = false;
                    }
                    default -> throw unexpected(c).withHint("a space or \";\" is expected after a quoted word");
                }
            }
            if (betweenWords) {
                markStart(next - 1);
                switch (c) {
                    case ' ', '\t', '\r', '\n' -> {
                        continue;
                    }
                    case ';', '{' -> {
                        if (words.isEmpty()) {
                            throw unexpected(c);
                        }
                        return c == ';' ? Ending.SEMICOLON : Ending.BLOCK_OPENS;
                    }
                    case '}' -> {
                        if (!words.isEmpty()) {
                            throw unfinished(words.getLast(), "unexpected \"}\"");
                        }
                        return Ending.BLOCK_CLOSES;
                    }
                    case '#' -> {
                        comment = true;
                        continue;
                    }
                    case '\\' -> escaped = true;
                    case '"' -> quote = Quote.DOUBLE;
                    case '\'' -> quote = Quote.SINGLE;
                    case '$' -> variable = true;
                    default -> {}
                }
                if (quote != Quote.NONE) {
                    start++;
                }
                betweenWords = false;
                continue;
            }
            if (c == '{' && variable) {
                continue;
            }
            variable = c == '$';
            if (variable) {
                continue;
            }
            if (c == '\\') {
                escaped = true;
                continue;
            }
            if (!endsWord(c)) {
                continue;
            }
            needSpace = quote != Quote.NONE;
            betweenWords = !needSpace;
            words.add(word());
            quote = Quote.NONE;
            if (!needSpace && c == ';') {
                return Ending.SEMICOLON;
            }
            if (!needSpace && c == '{') {
                return Ending.BLOCK_OPENS;
            }
        }
    }

    private boolean endsWord(char c) {
        return switch (quote) {
            case DOUBLE -> c == '"';
            case SINGLE -> c == '\'';
            case NONE -> c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ';' || c == '{';
        };
    }

    private void markStart(int at) {
        start = at;
        startLine = line;
        startLineStart = lineStart;
    }

    private Word word() {
        int end = next - 1;
        boolean quoted = quote != Quote.NONE;
        int rawStart = quoted ? start - 1 : start;
        int rawEnd = quoted ? next : end;
        return new Word(unescaped(end), startOfWord(rawStart), quote, rawEnd - rawStart);
    }

    private Position startOfWord(int at) {
        return new Position(source, startLine, at - startLineStart + 1);
    }

    private String unescaped(int end) {
        if (text.indexOf('\\', start, end) < 0) {
            return text.substring(start, end);
        }
        StringBuilder word = new StringBuilder(end - start);
        int i = start;
        while (i < end) {
            char c = text.charAt(i);
            int meant = c == '\\' && i + 1 < end ? unescaped(text.charAt(i + 1)) : -1;
            word.append(meant < 0 ? c : (char) meant);
            i += meant < 0 ? 1 : 2;
        }
        return word.toString();
    }

    /** What a backslash makes of the next character; -1 when it stays one itself. */
    private static int unescaped(char next) {
        return switch (next) {
            case '"', '\'', '\\' -> next;
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'n' -> '\n';
            default -> -1;
        };
    }

    private Ending endOfText(List<Word> words, boolean betweenWords) {
        if (words.isEmpty() && betweenWords) {
            return Ending.TEXT_ENDS;
        }
        String message = source.isFile()
                ? "unexpected end of file, expecting \";\" or \"}\""
                : "unexpected end of parameter, expecting \";\"";
        if (!betweenWords && quote != Quote.NONE) {
            Word open = new Word("", startOfWord(start - 1), quote, 1);
            throw ConfigException.at(end(), open, message).withHint("this quote is not closed");
        }
        if (words.isEmpty()) {
            Word open = new Word("", startOfWord(start), Quote.NONE, next - start);
            throw ConfigException.at(end(), open, message).withHint("this directive is not ended with \";\"");
        }
        throw ConfigException.at(end(), words.getFirst(), message).withHint("this directive is not ended with \";\"");
    }

    private ConfigException unfinished(Word last, String message) {
        return ConfigException.at(at(), last, message).withHint("a \";\" is missing after this");
    }

    private ConfigException unexpected(char c) {
        return ConfigException.at(at(), "unexpected \"" + c + "\"");
    }

    private ConfigException tooLong() {
        Position where = startOfWord(quote == Quote.NONE ? start : start - 1);
        return switch (quote) {
            case NONE ->
                ConfigException.at(where, "too long parameter \"" + text.substring(start, start + 10) + "...\" started")
                        .withHint("a word, and a comment, may have " + LONGEST_WORD + " bytes");
            case SINGLE ->
                ConfigException.at(where, "too long parameter, probably missing terminating \"'\" character");
            case DOUBLE ->
                ConfigException.at(where, "too long parameter, probably missing terminating \"\"\" character");
        };
    }
}
