package io.gatehouse.config.directive;

/** How a directive stands to nginx's own of the same name. */
public enum Standing {
    /** It does what it does in nginx. */
    SAME,
    /** It is accepted and has no meaning here; its note says why. */
    WITHOUT_EFFECT,
    /** It does what it does in nginx and more; its note says what. */
    EXTENDED,
    /** nginx has no such directive. */
    OWN,
}
