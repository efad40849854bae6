package io.gatehouse.observe.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Opens what a log path names. */
final class LogChannels {
    static final String STDOUT = "/dev/stdout";
    static final String STDERR = "/dev/stderr";

    private static final int TYPE = 0170000;
    private static final int FIFO = 0010000;

    /**
     * A file that is open.
     *
     * @param quick whether a write to it is a copy into memory, as far as can be known
     */
    record Opened(FileChannel channel, boolean quick) {}

    private LogChannels() {}

    /** Whether the path is a stream of this process, which is never opened again or closed. */
    static boolean inherited(String path) {
        return path.equals(STDOUT) || path.equals(STDERR);
    }

    /** @param path an octet string, absolute */
    static Opened open(String path) throws LogOpenException {
        // By descriptor: opened by name, a redirected file would get a second offset, and a socket cannot be opened.
        if (path.equals(STDOUT)) {
            return inherited(path, FileDescriptor.out);
        }
        if (path.equals(STDERR)) {
            return inherited(path, FileDescriptor.err);
        }
        try {
            Path file = Path.of(new String(path.getBytes(ISO_8859_1), nativeNames()));
            if (isFifo(file)) {
                // Opened for writing alone, it would wait for a reader, and fail when the reader goes.
                return new Opened(FileChannel.open(file, READ, WRITE), false);
            }
            FileChannel channel = FileChannel.open(
                    file,
                    Set.of(APPEND, CREATE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
            return new Opened(channel, LocalDisks.hold(file));
        } catch (InvalidPathException e) {
            throw new LogOpenException("open() \"" + path + "\" failed (22: Invalid argument)");
        } catch (IOException e) {
            throw new LogOpenException(path, e);
        }
    }

    @SuppressWarnings("StreamResourceLeak")
    private static Opened inherited(String path, FileDescriptor stream) {
        return new Opened(new FileOutputStream(stream).getChannel(), LocalDisks.hold(Path.of(path)));
    }

    private static boolean isFifo(Path file) {
        try {
            return ((int) Files.getAttribute(file, "unix:mode") & TYPE) == FIFO;
        } catch (IOException | UnsupportedOperationException e) {
            // Not there yet, or not to be looked at: opening it tells.
            return false;
        }
    }

    /** The JDK encodes file names with this on the way to the system, so what it decodes comes out as the same bytes. */
    private static Charset nativeNames() {
        return Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    }
}
