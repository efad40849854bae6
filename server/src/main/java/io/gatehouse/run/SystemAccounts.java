package io.gatehouse.run;

import io.gatehouse.module.process.Account;
import io.gatehouse.module.process.Accounts;
import io.gatehouse.text.Ascii;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The users and groups of the system: those in its files, and else those that the C library finds elsewhere (LDAP). */
final class SystemAccounts implements Accounts {
    private static final Path SELF = Path.of("/proc/self");
    private static final Path USERS = Path.of("/etc/passwd");
    private static final Path GROUPS = Path.of("/etc/group");
    private static final int ID = 2;
    private static final int GROUP_OF_USER = 3;

    private final boolean root = isRoot();

    /** Asked once: later the process is another user's. */
    private static boolean isRoot() {
        try {
            return (int) Files.getAttribute(SELF, "unix:uid") == 0;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException notLinux) {
            return "root".equals(System.getProperty("user.name"));
        }
    }

    @Override
    public boolean startedByRoot() {
        return root;
    }

    @Override
    public @Nullable Account user(String name) {
        String[] line = line(USERS, name);
        if (line != null) {
            return new Account(name, id(line, ID), id(line, GROUP_OF_USER));
        }
        int[] ids = Libc.userIds(name);
        return ids == null ? null : new Account(name, ids[0], ids[1]);
    }

    @Override
    public int group(String name) {
        String[] line = line(GROUPS, name);
        return line == null ? Libc.groupId(name) : id(line, ID);
    }

    /** The fields of the name's line; null if there is none, or one that is not as it should be. */
    private static String @Nullable [] line(Path file, String name) {
        if (name.isEmpty() || name.indexOf(':') >= 0) {
            return null;
        }
        try {
            String text = "\n" + Files.readString(file, StandardCharsets.ISO_8859_1);
            int at = text.indexOf("\n" + name + ":");
            if (at < 0) {
                return null;
            }
            int end = text.indexOf('\n', at + 1);
            String[] fields =
                    text.substring(at + 1, end < 0 ? text.length() : end).split(":", -1);
            return fields.length > GROUP_OF_USER && id(fields, ID) >= 0 ? fields : null;
        } catch (IOException e) {
            return null;
        }
    }

    private static int id(String[] fields, int index) {
        long id = Ascii.decimal(fields[index]);
        return id > Integer.MAX_VALUE ? -1 : (int) id;
    }
}
