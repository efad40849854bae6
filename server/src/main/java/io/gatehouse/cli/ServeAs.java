package io.gatehouse.cli;

import io.gatehouse.cli.up.RunAs;
import org.jspecify.annotations.Nullable;

/** As whom a server is to serve that root starts. */
final class ServeAs {
    /** The user that the package makes. */
    private static final String OWN = "gatehouse";

    private ServeAs() {}

    /** A name for {@code user}; null where it is of no use or the server's own choice, nobody, is best. */
    static @Nullable String user() {
        return UpServer.isRoot() && RunAs.exists(OWN) ? OWN : null;
    }
}
