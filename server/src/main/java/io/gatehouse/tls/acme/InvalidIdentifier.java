package io.gatehouse.tls.acme;

/** No certificate can be had for such a name. The message says why, for the one who wrote it. */
public final class InvalidIdentifier extends Exception {
    private static final long serialVersionUID = 1;

    InvalidIdentifier(String message) {
        super(message, null, false, false);
    }

    /** As {@link #getMessage}. */
    public String message() {
        return String.valueOf(getMessage());
    }
}
