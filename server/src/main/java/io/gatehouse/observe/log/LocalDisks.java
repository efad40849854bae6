package io.gatehouse.observe.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells which files lie on a disk of this machine. A write to them is a copy into its memory, as a rule; one over a network
 * or through another process may wait for somebody else.
 */
final class LocalDisks {
    private static final Set<String> TYPES = Set.of(
            "apfs",
            "bcachefs",
            "btrfs",
            "ext2",
            "ext3",
            "ext4",
            "f2fs",
            "hfs",
            "jfs",
            "overlay",
            "ramfs",
            "reiserfs",
            "tmpfs",
            "ufs",
            "xfs",
            "zfs");

    /** By device: looking up its type means reading the list of all that is mounted. */
    private static final Map<Object, Boolean> KNOWN = new ConcurrentHashMap<>();

    private LocalDisks() {}

    /** Whether it is a regular file on such a disk; false if that cannot be told. */
    static boolean hold(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                return false;
            }
            Object device = Files.getAttribute(file, "unix:dev");
            Boolean known = KNOWN.get(device);
            if (known == null) {
                known = TYPES.contains(Files.getFileStore(file).type());
                KNOWN.put(device, known);
            }
            return known;
        } catch (IOException | RuntimeException e) {
            // A system without such attributes, or a file in a folder that may not be looked into.
            return false;
        }
    }
}
