package io.gatehouse.tls;

/** A certificate, key or list cannot be had from where the configuration says it is. The message is nginx's, without a place. */
public final class LoadException extends Exception {
    private static final long serialVersionUID = 1;

    public LoadException(String message) {
        super(message);
    }

    /** As {@link #getMessage}. */
    public String message() {
        return String.valueOf(getMessage());
    }
}
