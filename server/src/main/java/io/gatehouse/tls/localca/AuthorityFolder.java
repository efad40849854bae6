package io.gatehouse.tls.localca;

import io.gatehouse.exchange.Hostname;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a user's local authority is kept: its roots with their keys in one file, which is replaced as a whole, and beside it
 * the certificates alone, for others to trust. Nobody else may look into it. Several processes may use it at once. Blocks.
 */
final class AuthorityFolder {
    /** So long before a root ends there is a successor, for everybody to trust in time. */
    static final Duration OVERLAP = Duration.ofDays(60);

    private static final String ROOTS = "authority.pem";
    private static final String CERTIFICATES = "root.pem";
    private static final String LOCK = "lock";
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final Set<PosixFilePermission> OWNERS = PosixFilePermissions.fromString("rwx------");
    private static final FileAttribute<?> FOLDER_MODE = PosixFilePermissions.asFileAttribute(OWNERS);
    private static final FileAttribute<?> FILE_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /** The kernel's locks are the process's: within it this one holds. */
    private static final Object WITHIN_PROCESS = new Object();

    private final Path folder;

    /**
     * The roots that have not ended, the next to end first, at least one of them valid.
     *
     * @param made whether the last of them is new
     * @param warnings what was found amiss, and what was done about it
     */
    record Found(List<LocalRoot> roots, boolean made, List<String> warnings) {}

    AuthorityFolder(Path folder) {
        this.folder = folder;
    }

    /** The certificates alone, in PEM. */
    Path certificates() {
        return folder.resolve(CERTIFICATES);
    }

    private Path roots() {
        return folder.resolve(ROOTS);
    }

    /**
     * Reads the roots; makes one if there is none, and a successor if one is due.
     *
     * @throws IOException if it can be neither read nor made
     */
    Found open(long wallMillis) throws IOException {
        Found there = read(wallMillis);
        return there != null ? there : make(wallMillis);
    }

    /** What is there, if it is all that there should be; else null. */
    private @Nullable Found read(long wallMillis) throws IOException {
        try {
            if (isOpen(folder) || isOpen(roots()) || !Files.exists(certificates())) {
                return null;
            }
            List<LocalRoot> roots = LocalRoot.read(Files.readAllBytes(roots()));
            return isComplete(roots, wallMillis) ? new Found(roots, false, List.of()) : null;
        } catch (NoSuchFileException | GeneralSecurityException e) {
            return null;
        }
    }

    private static boolean isComplete(List<LocalRoot> roots, long wallMillis) {
        return roots.stream().allMatch(one -> one.root().ends() >= wallMillis)
                && roots.stream().anyMatch(one -> one.root().isValid(wallMillis))
                && roots.getLast().root().ends() - wallMillis > OVERLAP.toMillis();
    }

    private Found make(long wallMillis) throws IOException {
        synchronized (WITHIN_PROCESS) {
            makeFolder();
            Path file = folder.resolve(LOCK);
            try (FileChannel channel = FileChannel.open(
                            file,
                            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                            FILE_MODE);
                    FileLock _ = channel.lock()) {
                own(file);
                return makeLocked(wallMillis);
            }
        }
    }

    private void makeFolder() throws IOException {
        Path around = folder.getParent();
        if (around != null && !Files.exists(around)) {
            Files.createDirectories(around);
        }
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            try {
                Files.createDirectory(folder, FOLDER_MODE);
            } catch (FileAlreadyExistsException e) {
                // Another process was faster.
            }
            own(folder);
        }
    }

    private Found makeLocked(long wallMillis) throws IOException {
        List<String> warnings = new ArrayList<>();
        List<LocalRoot> roots = new ArrayList<>();
        boolean changed = false;
        try {
            close(folder, warnings);
            close(roots(), warnings);
            roots.addAll(LocalRoot.read(Files.readAllBytes(roots())));
        } catch (NoSuchFileException e) {
            changed = true;
        } catch (GeneralSecurityException e) {
            warnings.add(setAside(e, wallMillis));
            changed = true;
        }
        String title = roots.isEmpty() ? title() : roots.getLast().root().title();
        changed |= roots.removeIf(one -> one.root().ends() < wallMillis);
        boolean made = !isComplete(roots, wallMillis);
        if (made) {
            roots.add(Issuing.root(title, wallMillis));
        }
        StringBuilder secret = new StringBuilder();
        StringBuilder certificates = new StringBuilder();
        for (LocalRoot root : roots) {
            secret.append(root.text());
            certificates.append(root.root().pem());
        }
        if (changed || made) {
            replace(roots(), secret.toString());
        }
        replace(certificates(), certificates.toString());
        return new Found(List.copyOf(roots), made, warnings);
    }

    private String title() throws IOException {
        return RootCertificate.title(Files.getOwner(folder).getName(), Hostname.get());
    }

    /** Whether others than the owner may do anything with it. */
    private static boolean isOpen(Path path) throws IOException {
        return !OWNERS.containsAll(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
    }

    /** Takes from others what they may do. A link is never followed: it may lead to what is not ours. */
    private static void close(Path path, List<String> warnings) throws IOException {
        if (Files.isSymbolicLink(path)) {
            throw new FileSystemException(path.toString(), null, "it is a symbolic link");
        }
        if (isOpen(path)) {
            Set<PosixFilePermission> left = EnumSet.copyOf(OWNERS);
            left.retainAll(Files.getPosixFilePermissions(path));
            Files.setPosixFilePermissions(path, left);
            warnings.add("\"" + path + "\" was open to others, and is not any more");
        }
    }

    /** Keeps what cannot be read for whoever wants to look at it. */
    private String setAside(GeneralSecurityException why, long wallMillis) throws IOException {
        Path aside = folder.resolve("damaged-" + STAMP.format(Instant.ofEpochMilli(wallMillis)) + ".pem");
        Files.move(roots(), aside, StandardCopyOption.ATOMIC_MOVE);
        return "\"" + roots() + "\" is damaged (" + why.getMessage() + "); it was renamed to \"" + aside.getFileName()
                + "\", and there is a new root";
    }

    /** The file is the old or the new one at every moment, also if the power fails. */
    private void replace(Path file, String text) throws IOException {
        Path next = folder.resolve(file.getFileName() + ".new");
        Files.deleteIfExists(next);
        try (FileChannel out =
                FileChannel.open(next, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), FILE_MODE)) {
            ByteBuffer octets = StandardCharsets.ISO_8859_1.encode(text);
            while (octets.hasRemaining()) {
                out.write(octets);
            }
            out.force(true);
        }
        own(next);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
            entries.force(true);
        }
    }

    /**
     * In a folder of root's everything is root's, also what a process makes that has given root up but for some privileges:
     * as whom it serves, nobody is to read keys.
     */
    private void own(Path made) throws IOException {
        Path around = folder.getParent();
        if (around != null && isRoots(around) && !isRoots(made)) {
            try {
                Files.setAttribute(made, "unix:uid", 0, LinkOption.NOFOLLOW_LINKS);
                Files.setAttribute(made, "unix:gid", 0, LinkOption.NOFOLLOW_LINKS);
            } catch (FileSystemException e) {
                // Without the privilege it stays with who has made it.
            }
        }
    }

    private static boolean isRoots(Path path) throws IOException {
        return (int) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS) == 0;
    }
}
