package io.gatehouse.module.proxy;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FilePaths;
import io.gatehouse.exchange.Template;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code proxy_store}.
 *
 * @param path null for where the URI's file would lie
 * @param access the mode of files
 */
record ProxyStore(boolean on, @Nullable Template path, int access) {
    static final int USER_ONLY = 0600;
    static final ProxyStore OFF = new ProxyStore(false, null, USER_ONLY);

    ProxyStore with(int mode) {
        return new ProxyStore(on, path, mode);
    }

    /** Where the answer to this request is stored; empty for nowhere. */
    String target(Exchange x) {
        String target = path == null ? FilePaths.of(x, x.uri) : path.eval(x);
        return target == null ? "" : target;
    }

    /**
     * Moves a complete file to its place; not on a loop.
     *
     * @param modified Last-Modified in seconds, -1 for none
     */
    void move(Path from, Path to, long modified) throws IOException {
        if (Files.isDirectory(to, LinkOption.NOFOLLOW_LINKS)) {
            // Java would put the file in the place of an empty one
            throw new FileSystemException(to.toString(), null, "Is a directory");
        }
        Path folder = to.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Files.setPosixFilePermissions(from, permissions());
        if (modified >= 0) {
            Files.setLastModifiedTime(from, FileTime.from(modified, TimeUnit.SECONDS));
        }
        Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }

    private Set<PosixFilePermission> permissions() {
        PosixFilePermission[] all = PosixFilePermission.values();
        Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
        for (int i = 0; i < all.length; i++) {
            if ((access >> (8 - i) & 1) != 0) {
                set.add(all[i]);
            }
        }
        return set;
    }
}
