package io.gatehouse.observe.log;

import java.io.IOException;
import java.net.PortUnreachableException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the system said, in the form in which nginx ends a message: {@code (2: No such file or directory)}. */
public final class SystemError {
    private static final Map<String, Integer> NUMBERS = Map.ofEntries(
            Map.entry("Operation not permitted", 1),
            Map.entry("No such file or directory", 2),
            Map.entry("Input/output error", 5),
            Map.entry("No such device or address", 6),
            Map.entry("Bad file descriptor", 9),
            Map.entry("Resource temporarily unavailable", 11),
            Map.entry("Cannot allocate memory", 12),
            Map.entry("Permission denied", 13),
            Map.entry("File exists", 17),
            Map.entry("No such device", 19),
            Map.entry("Not a directory", 20),
            Map.entry("Is a directory", 21),
            Map.entry("Invalid argument", 22),
            Map.entry("Too many open files in system", 23),
            Map.entry("Too many open files", 24),
            Map.entry("Text file busy", 26),
            Map.entry("File too large", 27),
            Map.entry("No space left on device", 28),
            Map.entry("Read-only file system", 30),
            Map.entry("Broken pipe", 32),
            Map.entry("File name too long", 36),
            Map.entry("Too many levels of symbolic links", 40),
            Map.entry("Message too long", 90),
            Map.entry("Network is unreachable", 101),
            Map.entry("No buffer space available", 105),
            Map.entry("Connection refused", 111),
            Map.entry("No route to host", 113),
            Map.entry("Disk quota exceeded", 122));

    private SystemError() {}

    /** The number and words in parentheses; the JDK's own words where it does not tell the system's. */
    public static String of(IOException e) {
        String words = words(e);
        Integer number = NUMBERS.get(words);
        return number == null ? "(" + words + ")" : "(" + number + ": " + words + ")";
    }

    private static String words(IOException e) {
        String text = known(e);
        return text == null ? e.getClass().getSimpleName() : text;
    }

    /** No {@code switch} over types: a start without nginx's folder of logs comes here, and would wait for the class of one. */
    private static @Nullable String known(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "No such file or directory";
        }
        if (e instanceof AccessDeniedException) {
            return "Permission denied";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "File exists";
        }
        if (e instanceof FileSystemLoopException) {
            return "Too many levels of symbolic links";
        }
        if (e instanceof PortUnreachableException) {
            return "Connection refused";
        }
        return e instanceof FileSystemException file ? file.getReason() : e.getMessage();
    }
}
