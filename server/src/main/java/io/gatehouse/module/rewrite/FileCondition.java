package io.gatehouse.module.rewrite;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FilePaths;
import io.gatehouse.exchange.Template;
import io.gatehouse.files.FileFacts;
import io.gatehouse.files.ServedFiles;
import io.gatehouse.observe.log.Level;
import io.gatehouse.wire.Errno;
import io.gatehouse.wire.ErrnoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermission;

/**
 * {@code -f}, {@code -d}, {@code -e}, {@code -x} and with an exclamation mark.
 *
 * @param kind the letter
 * @param wanted false with the exclamation mark
 */
record FileCondition(Template path, char kind, boolean wanted) implements Condition {
    @Override
    public Answer test(Exchange x) {
        String name = path.eval(x);
        if (name.isEmpty()) {
            return Answer.of(!wanted); // No name is no file, least of all the folder the process is in.
        }
        try {
            FileFacts facts = ServedFiles.look(x, name);
            boolean is = switch (kind) {
                case 'f' -> facts.isRegular();
                case 'd' -> facts.isDirectory();
                case 'e' -> true;
                default -> isExecutable(name);
            };
            return Answer.of(is == wanted);
        } catch (ErrnoException e) {
            switch (e.number()) {
                case Errno.ELOOP -> {
                    return Answer.FORBIDDEN;
                }
                case Errno.ENOENT, Errno.ENOTDIR, Errno.ENAMETOOLONG -> {}
                default -> x.log(Level.CRIT, e.call() + "() \"" + name + "\" failed (" + e.getMessage() + ")");
            }
            return Answer.of(!wanted);
        }
    }

    /** By its owner, as nginx asks. */
    private static boolean isExecutable(String name) {
        try {
            return Files.getPosixFilePermissions(FilePaths.path(name)).contains(PosixFilePermission.OWNER_EXECUTE);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
