package io.gatehouse.files;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FilePaths;
import io.gatehouse.wire.Errno;
import io.gatehouse.wire.ErrnoException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Looks at files and opens them, by the rules of an exchange's location.
 *
 * <p>These few calls are made on the event loop, as nginx makes them: names and small files lie in the system's caches, and
 * handing each over to another thread and back would cost more than it takes. Contents are sent by the kernel.
 */
public final class ServedFiles {
    private ServedFiles() {}

    /**
     * What there is at a path, links followed as far as the location lets.
     *
     * @param path octets
     * @throws ErrnoException if there is nothing, or it may not be seen
     */
    public static FileFacts look(Exchange exchange, String path) throws ErrnoException {
        Symlinks symlinks = exchange.location.settings(Symlinks.KEY);
        int unchecked = symlinks == null ? path.length() : symlinks.unchecked(exchange, path);
        if (symlinks == null || unchecked == path.length()) {
            return look(path(path, "stat"), "stat");
        }
        return CheckedPath.look(path, unchecked, symlinks.onlyForeign());
    }

    /**
     * Opens a regular file for reading; what is none is only looked at.
     *
     * @param path octets
     * @throws ErrnoException if there is nothing, or it may not be read
     */
    public static OpenFile open(Exchange exchange, String path) throws ErrnoException {
        Symlinks symlinks = exchange.location.settings(Symlinks.KEY);
        int unchecked = symlinks == null ? path.length() : symlinks.unchecked(exchange, path);
        if (symlinks != null && unchecked < path.length()) {
            return CheckedPath.open(path, unchecked, symlinks.onlyForeign());
        }
        Path file = path(path, "open");
        FileFacts facts = look(file, "open");
        if (!facts.isRegular()) {
            // opening a pipe would wait for its other end
            return new OpenFile(facts, null);
        }
        try {
            return new OpenFile(facts, FileChannel.open(file, StandardOpenOption.READ));
        } catch (IOException e) {
            throw failure("open", e);
        }
    }

    private static FileFacts look(Path file, String call) throws ErrnoException {
        BasicFileAttributes attributes;
        try {
            // in contrast to Files.readAttributes this makes no exception of a missing file, which try_files asks for
            // often
            attributes = file.getFileSystem().provider().readAttributesIfExists(file, BasicFileAttributes.class);
        } catch (IOException e) {
            throw failure(call, e);
        }
        if (attributes == null) {
            throw new ErrnoException(call, Errno.ENOENT);
        }
        return FileFacts.of(attributes);
    }

    /** A name that the system's encoding cannot say names no file that this process could reach. */
    static Path path(String octets, String call) throws ErrnoException {
        try {
            // the JDK drops slashes at the end, with which the system finds folders only
            boolean folder = octets.length() > 1 && octets.endsWith("/");
            return FilePaths.path(folder ? octets + "." : octets);
        } catch (InvalidPathException e) {
            throw new ErrnoException(call, Errno.ENOENT);
        }
    }

    static ErrnoException failure(String call, IOException failure) {
        if (failure instanceof ErrnoException known) {
            return known;
        }
        int number = Errno.number(failure);
        return new ErrnoException(call, number == 0 ? Errno.EIO : number);
    }
}
