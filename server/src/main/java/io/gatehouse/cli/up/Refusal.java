package io.gatehouse.cli.up;

/** What was asked for is not done; the message says why, and what to do instead, for whoever typed it. */
public final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    public Refusal(String message) {
        super(message, null, false, false);
    }

    /** The reason; never null. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
