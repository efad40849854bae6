package io.gatehouse.tls.acme;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Where account, orders and certificates of an authority are kept: a folder of the user who serves, or, where nothing is to be
 * on the disk, memory. A file is there whole or not at all, whenever the process or the machine dies. From any thread.
 */
final class StateFolder {
    private static final FileAttribute<Set<PosixFilePermission>> MY_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> MY_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /** Bytes; what is longer was not written by this program. */
    private static final int LONGEST_FILE = 1 << 20;

    /** After so long nobody writes at it any more. */
    private static final long UNFINISHED_MILLIS = 3_600_000;

    /**
     * What this process holds. The system's locks are the whole process's, and go when any of its channels to the file is
     * closed, so none may be opened twice.
     */
    private static final Set<Object> HELD = ConcurrentHashMap.newKeySet();

    private final @Nullable Path folder;
    private final Map<String, byte[]> memory = new ConcurrentHashMap<>();

    /** What one holds alone, in this process and all others on the machine, until it is closed or the process dies. */
    interface Hold extends AutoCloseable {
        @Override
        void close();
    }

    /** @param folder null for memory */
    StateFolder(@Nullable Path folder) {
        this.folder = folder;
    }

    /** Makes the folder if it is not there, and removes what processes that died were writing. */
    void open(long wallMillis) throws IOException {
        if (folder == null) {
            return;
        }
        if (!Files.isDirectory(folder)) {
            Path parent = folder.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            try {
                Files.createDirectory(folder, MY_FOLDER);
            } catch (FileAlreadyExistsException e) {
                // Another process was quicker.
            }
        }
        try (DirectoryStream<Path> unfinished = Files.newDirectoryStream(folder, ".*.new")) {
            for (Path file : unfinished) {
                removeIfOld(file, wallMillis);
            }
        }
    }

    private static void removeIfOld(Path file, long wallMillis) throws IOException {
        try {
            if (wallMillis - Files.getLastModifiedTime(file).toMillis() > UNFINISHED_MILLIS) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) {
            // It has become what it was to be.
        }
    }

    /** Whether it is on the disk. */
    boolean isKept() {
        return folder != null;
    }

    /** For messages. */
    String name(String file) {
        return folder == null ? file : folder.resolve(file).toString();
    }

    /** The content of a file, or null if there is none. */
    byte @Nullable [] read(String file) throws IOException {
        if (folder == null) {
            return memory.get(file);
        }
        try (FileChannel channel = FileChannel.open(folder.resolve(file), StandardOpenOption.READ)) {
            if (channel.size() > LONGEST_FILE) {
                throw new IOException("longer than " + LONGEST_FILE + " bytes");
            }
            ByteBuffer content = ByteBuffer.allocate((int) channel.size());
            while (content.hasRemaining() && channel.read(content) >= 0) {
                // Goes on.
            }
            return Arrays.copyOf(content.array(), content.position());
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** Puts a file there in place of the one of that name; once it returns it survives a loss of power. */
    void write(String file, byte[] content) throws IOException {
        if (folder == null) {
            memory.put(file, content);
            return;
        }
        Path fresh = folder.resolve("." + file + "." + ProcessHandle.current().pid() + "-"
                + Thread.currentThread().threadId() + ".new");
        Files.deleteIfExists(fresh);
        try (FileChannel channel = (FileChannel)
                Files.newByteChannel(fresh, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW), MY_FILE)) {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
        }
        move(fresh, folder.resolve(file));
        syncFolder();
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException("a file cannot be replaced at once on this file system", e);
        }
    }

    private void syncFolder() throws IOException {
        if (folder != null) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    void delete(String file) throws IOException {
        if (folder == null) {
            memory.remove(file);
        } else if (Files.deleteIfExists(folder.resolve(file))) {
            syncFolder();
        }
    }

    /** Puts a damaged file out of the way, where a person can look at it; returns its new name. */
    String setAside(String file) throws IOException {
        String aside = file + ".damaged";
        byte[] content = memory.remove(file);
        if (content != null) {
            memory.put(aside, content);
        }
        if (folder != null) {
            Files.move(folder.resolve(file), folder.resolve(aside), StandardCopyOption.REPLACE_EXISTING);
            syncFolder();
        }
        return name(aside);
    }

    /** Takes hold of something by its name; null if another thread or process has it. */
    @Nullable
    Hold tryHold(String what) throws IOException {
        Object key = folder == null
                ? List.of(System.identityHashCode(memory), what)
                : folder.toAbsolutePath().normalize().resolve(what);
        if (!HELD.add(key)) {
            return null;
        }
        FileChannel channel = null;
        boolean held = folder == null;
        try {
            if (folder != null) {
                Path path = folder.resolve(what + ".lock");
                channel = FileChannel.open(path, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE), MY_FILE);
                held = channel.tryLock() != null;
            }
        } finally {
            if (!held) {
                release(key, channel);
            }
        }
        FileChannel locked = channel;
        return held ? () -> release(key, locked) : null;
    }

    private static void release(Object key, @Nullable FileChannel locked) {
        try {
            if (locked != null) {
                locked.close(); // The lock goes with it.
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            HELD.remove(key);
        }
    }
}
