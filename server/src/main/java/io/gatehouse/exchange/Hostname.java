package io.gatehouse.exchange;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The machine's name as gethostname(2) has it, in lower case. From any thread. */
public final class Hostname {
    /** Linux. The JDK knows the name only together with its addresses, for which it asks the resolver. */
    private static final Path KERNELS = Path.of("/proc/sys/kernel/hostname");

    private static final String NAME = find().toLowerCase(Locale.ROOT);

    private Hostname() {}

    /** The name; "localhost" where the system knows none. */
    public static String get() {
        return NAME;
    }

    private static String find() {
        try {
            String name = Files.readString(KERNELS).strip();
            if (!name.isEmpty()) {
                return name;
            }
        } catch (IOException e) {
            // Another system.
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
