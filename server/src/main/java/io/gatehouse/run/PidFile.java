package io.gatehouse.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The file that holds the process's number; it appears with its content in one step. */
final class PidFile {
    private PidFile() {}

    static void write(Path path, long pid) throws IOException {
        Path aside = path.resolveSibling(path.getFileName() + "." + pid);
        Files.writeString(aside, pid + "\n", StandardCharsets.US_ASCII);
        Files.move(aside, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The number in the file; -1 if there is none to be read in it. */
    static long read(Path path) throws IOException {
        String text = Files.readString(path, StandardCharsets.ISO_8859_1).strip();
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
