package io.gatehouse.config.directive;

/** The ways in which a nearer level relates to the one around it. Lists replaced whole are {@link #NEAREST} of a list. */
public enum Inheritance {
    /** The nearest level that says it wins; a list is replaced whole. */
    NEAREST,
    /** What each level says is put together by the directive's own rule. */
    MERGED,
    /** Only the level itself counts. */
    NONE,
}
