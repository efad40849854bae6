package io.gatehouse.route;

/** A regex took more steps on one subject than is allowed. Has no stack trace: it is an answer, not a defect. */
public final class MatchLimitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MatchLimitException() {
        super("too many steps", null, false, false);
    }
}
