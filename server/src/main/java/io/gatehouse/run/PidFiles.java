package io.gatehouse.run;

import io.gatehouse.observe.log.Level;
import java.io.IOException;
import java.util.function.BiConsumer;

/** Writes and deletes the files that tell the number of this process, as who may, and tells what fails. */
final class PidFiles {
    private final Privileges privileges;
    private final long pid;

    PidFiles(Privileges privileges, long pid) {
        this.privileges = privileges;
        this.pid = pid;
    }

    /** Returns whether it is written. */
    boolean write(PidFile file, BiConsumer<Level, String> teller) {
        try {
            privileges.doing(() -> file.write(pid, privileges.isAnother()));
            return true;
        } catch (IOException e) {
            teller.accept(Level.EMERG, file.openFailed(e));
            return false;
        }
    }

    void delete(PidFile file, BiConsumer<Level, String> teller) {
        try {
            privileges.doing(file::delete);
        } catch (IOException e) {
            teller.accept(Level.ALERT, "unlink() " + file.failed(e));
        }
    }
}
