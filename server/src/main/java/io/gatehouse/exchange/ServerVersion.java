package io.gatehouse.exchange;

/**
 * What the server calls itself on the wire. Clients, monitors and scripts know nginx's word, and configurations are written
 * for a version of it, so that the baseline is told.
 */
public final class ServerVersion {
    /** The version of nginx whose language is spoken. */
    public static final String BASELINE = "1.31.5";

    /** The Server field with {@code server_tokens on}. */
    public static final String SERVER = "nginx/" + BASELINE;

    private ServerVersion() {}
}
