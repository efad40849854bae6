package io.gatehouse.run;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What one thread may do beyond its user (capabilities(7)). Linux keeps it for each thread by itself; made and used by that
 * thread.
 */
final class Capabilities {
    /** Give files away: a pid file to root, a folder for temporary files to the user. */
    private static final int CHOWN = 1;
    /** Create and remove files in root's folders: logs, pid files, sockets. */
    private static final int DAC_OVERRIDE = 1 << 1;
    /** Read root's files: keys. Enough where the one above is withheld and nothing is to be written. */
    private static final int DAC_READ_SEARCH = 1 << 2;
    /** Listen on ports below 1024. */
    private static final int NET_BIND_SERVICE = 1 << 10;

    private static final int KEPT = CHOWN | DAC_OVERRIDE | DAC_READ_SEARCH | NET_BIND_SERVICE;

    private static final int VERSION_3 = 0x20080522;
    private static final int HEADER_BYTES = 8;
    private static final int SETS_BYTES = 24;
    private static final int PERMITTED = 4;
    private static final int PR_SET_KEEPCAPS = 8;

    private final ByteBuffer header = Libc.memory(HEADER_BYTES);
    private final ByteBuffer sets = Libc.memory(SETS_BYTES);
    private final int permitted;

    /** Lets this thread's capabilities outlive the change of its user, which follows. */
    static void keep() throws IOException {
        Libc.prctl(PR_SET_KEEPCAPS, 1, 0);
    }

    /** To be made after the change of user: gives up for good what is not {@link #KEPT}, and puts the rest aside. */
    Capabilities() throws IOException {
        header.putInt(0, VERSION_3);
        Libc.capget(header, sets);
        // A container may withhold some of them.
        permitted = sets.getInt(PERMITTED) & KEPT;
        set(0);
    }

    /** What is kept works from now on. */
    void raise() throws IOException {
        set(permitted);
    }

    /** What is kept does not work until it is raised again. */
    void lower() throws IOException {
        set(0);
    }

    private void set(int effective) throws IOException {
        for (int i = 0; i < SETS_BYTES; i += Integer.BYTES) {
            sets.putInt(i, 0);
        }
        sets.putInt(0, effective);
        sets.putInt(PERMITTED, permitted);
        Libc.capset(header, sets);
    }
}
