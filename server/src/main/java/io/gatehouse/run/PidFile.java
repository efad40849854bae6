package io.gatehouse.run;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.wire.Errno;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The file that holds the process's number ({@code pid}); it appears with its content in one step. */
record PidFile(Path path) {
    private static final int LONGEST = 20;

    /** @param toRoot whether it is to be root's, whoever writes it: root's signals go where it says */
    void write(long pid, boolean toRoot) throws IOException {
        byte[] text = (pid + "\n").getBytes(StandardCharsets.US_ASCII);
        Path folder = folder();
        if (isSpecial() || Files.exists(path) && !Files.isWritable(folder)) {
            // A device, or a file that somebody made for us where we may make none: it must stay what it is.
            Files.write(path, text);
            return;
        }
        Path target = Files.isSymbolicLink(path) && Files.exists(path) ? path.toRealPath() : path;
        Path aside = target.resolveSibling(target.getFileName() + "." + pid);
        try {
            Files.write(aside, text);
            if (toRoot) {
                Files.setAttribute(aside, "unix:uid", 0);
                Files.setAttribute(aside, "unix:gid", 0);
            }
            Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(aside);
            throw e;
        }
    }

    /** Whether it could be written, without leaving anything. */
    void check() throws IOException {
        Path folder = folder();
        if (Files.exists(path)) {
            if (!Files.isWritable(path)) {
                throw new AccessDeniedException(path.toString());
            }
        } else if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(path.toString());
        } else if (!Files.isWritable(folder)) {
            throw new AccessDeniedException(path.toString());
        }
    }

    /** That it could not be opened, in nginx's words. */
    String openFailed(IOException cause) {
        return "open() " + failed(cause);
    }

    /** Its name, and that something with it failed. */
    String failed(IOException cause) {
        return "\"" + Exchange.octets(path.toString()) + "\" failed (" + Errno.text(cause) + ")";
    }

    void delete() throws IOException {
        if (!isSpecial()) {
            Files.delete(path);
        }
    }

    /** What stands in the file, without its line end: an octet string. */
    String read() throws IOException {
        String text = Files.readString(path, StandardCharsets.ISO_8859_1);
        return text.substring(0, Math.min(LONGEST, text.length())).stripTrailing();
    }

    private Path folder() {
        Path parent = path.toAbsolutePath().getParent();
        return parent == null ? path : parent;
    }

    private boolean isSpecial() {
        return Files.exists(path) && !Files.isRegularFile(path);
    }
}
