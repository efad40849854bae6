package io.gatehouse.run;

import io.gatehouse.module.process.Account;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What the kernel says about this process's user. */
final class Credentials {
    /** Those of the first thread, in which no Java runs: if a change has reached it, it has reached all. */
    private static final Path STATUS = Path.of("/proc/self/status");

    private Credentials() {}

    /**
     * Makes sure that another thread than the one which changed its user has changed too.
     *
     * @throws IOException if not: the C library is one that changes the calling thread alone
     */
    static void check(Account account) throws IOException {
        String status;
        try {
            status = Files.readString(STATUS);
        } catch (NoSuchFileException notMounted) {
            return;
        }
        if (!status.contains(four("Uid", account.uid()))
                || !status.contains(four("Gid", account.gid()))
                || !account.isRoot() && !status.contains("\nCapPrm:\t0000000000000000\n")) {
            throw new IOException("setuid(" + account.uid() + ") did not reach every thread");
        }
    }

    /** The real, effective, saved and file system's id. */
    private static String four(String name, int id) {
        return "\n" + name + ":" + ("\t" + id).repeat(4) + "\n";
    }
}
