package io.gatehouse.run;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.module.process.Account;
import io.gatehouse.wire.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the folders for temporary files, and gives them to the user as whom the process serves, as nginx does. */
final class FolderOwner {
    private static final Set<PosixFilePermission> MINE = PosixFilePermissions.fromString("rwx------");

    private FolderOwner() {}

    /** Returns what could not be done, in nginx's words; null if nothing. */
    static @Nullable String give(Set<Path> folders, Account account) {
        for (Path folder : folders) {
            String doing = "mkdir()";
            try {
                if (!Files.exists(folder)) {
                    make(folder);
                }
                doing = "chown()";
                if ((int) Files.getAttribute(folder, "unix:uid") != account.uid()) {
                    Files.setAttribute(folder, "unix:uid", account.uid());
                }
                doing = "chmod()";
                makeMine(folder);
            } catch (IOException e) {
                return doing + " \"" + Exchange.octets(folder.toString()) + "\" failed (" + Errno.text(e) + ")";
            }
        }
        return null;
    }

    private static void make(Path folder) throws IOException {
        Path parent = folder.getParent();
        if (parent != null && !Files.exists(parent)) {
            Files.createDirectories(parent);
        }
        Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(MINE));
    }

    private static void makeMine(Path folder) throws IOException {
        Set<PosixFilePermission> has = Files.getPosixFilePermissions(folder);
        if (!has.containsAll(MINE)) {
            Set<PosixFilePermission> wanted = EnumSet.copyOf(MINE);
            wanted.addAll(has);
            Files.setPosixFilePermissions(folder, wanted);
        }
    }
}
