package io.gatehouse.cli.up;

import io.gatehouse.text.Ascii;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The user as whom an application is started by root; a line of passwd(5). */
public record RunAs(String name, int uid, int gid, String home, String shell) {
    private static final int FIELDS = 7;

    /**
     * Whom to take where root starts an application.
     *
     * @param wanted the user of the command line; null if it names none
     * @param sudoUser who called sudo; null if nobody did
     */
    public static RunAs choose(@Nullable String wanted, @Nullable String sudoUser) throws Refusal {
        String name = wanted != null ? wanted : sudoUser;
        if (name == null || wanted == null && name.equals("root")) {
            throw new Refusal(
                    "as root it would start the application as root too, which its database refuses and nobody"
                            + " should want.\n  Name the user it is to run as: --run-as USER\n"
                            + "  One for it alone: useradd --system --create-home --shell /bin/sh paperclip");
        }
        RunAs user = find(name);
        if (user == null) {
            throw new Refusal("there is no user \"" + name + "\" on this machine; --run-as expects one of those that"
                    + " \"getent passwd\" shows");
        }
        return user;
    }

    /** Whether there is a user of that name. */
    public static boolean exists(String name) {
        return find(name) != null;
    }

    /** Asks the system's own program, which knows other sources than the file, where there is one. */
    private static @Nullable RunAs find(String name) {
        if (name.isEmpty() || name.startsWith("-") || name.indexOf(':') >= 0) {
            return null;
        }
        try {
            Process getent = new ProcessBuilder("getent", "passwd", name)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            getent.getOutputStream().close();
            return of(
                    new String(getent.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .toList(),
                    name);
        } catch (IOException noSuchProgram) {
            try {
                return of(Files.readAllLines(Path.of("/etc/passwd"), StandardCharsets.ISO_8859_1), name);
            } catch (IOException e) {
                return null;
            }
        }
    }

    private static @Nullable RunAs of(List<String> lines, String name) {
        for (String line : lines) {
            String[] fields = line.split(":", -1);
            // getent finds a user by its number too
            if (fields.length == FIELDS && (fields[0].equals(name) || fields[2].equals(name))) {
                int uid = (int) Ascii.decimal(fields[2]);
                int gid = (int) Ascii.decimal(fields[3]);
                return uid < 0 || gid < 0 ? null : new RunAs(fields[0], uid, gid, fields[5], fields[6]);
            }
        }
        return null;
    }
}
