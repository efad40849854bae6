package io.gatehouse.config.syntax;

/** How a {@link Word} was quoted in the text it was read from. */
public enum Quote {
    NONE,
    SINGLE,
    DOUBLE
}
