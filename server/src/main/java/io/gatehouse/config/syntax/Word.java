package io.gatehouse.config.syntax;

/**
 * One word of a directive.
 *
 * @param text the word after nginx's unescaping, an octet string
 * @param at where its first character stands, the quote included
 * @param quote how it was quoted
 * @param rawLength how many characters it takes in the source, quotes and escapes included
 */
public record Word(String text, Position at, Quote quote, int rawLength) {
    public boolean isQuoted() {
        return quote != Quote.NONE;
    }

    @Override
    public String toString() {
        return text;
    }
}
