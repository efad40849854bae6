package io.gatehouse.exchange;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;

/** The machine's name, in lower case; asked for once, since the system may take a while over it. From any thread. */
public final class Hostname {
    private static final String NAME = find();

    private Hostname() {}

    /** The name; "localhost" where the system knows none. */
    public static String get() {
        return NAME;
    }

    private static String find() {
        try {
            return InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
