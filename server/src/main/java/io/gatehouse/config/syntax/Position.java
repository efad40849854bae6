package io.gatehouse.config.syntax;

/**
 * A place in a configuration.
 *
 * @param source the text it lies in, so that any message can show the line
 * @param line counted from 1
 * @param column counted from 1, in bytes
 */
public record Position(Source source, int line, int column) {
    /** The path of the file as nginx prints it. */
    public String file() {
        return source.name();
    }

    /** How nginx ends a message about this place: {@code in FILE:LINE} or {@code in command line}. */
    public String suffix() {
        return source.isFile() ? " in " + source.name() + ":" + line : " in " + source.name();
    }

    @Override
    public String toString() {
        return source.name() + ":" + line + ":" + column;
    }
}
