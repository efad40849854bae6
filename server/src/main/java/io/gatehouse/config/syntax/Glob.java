package io.gatehouse.config.syntax;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * File names that fit a pattern, as glob(3) without flags finds them: {@code *}, {@code ?}, {@code [set]}, a backslash
 * takes the next character as it is, a leading dot wants a dot. Names are octet strings.
 */
final class Glob {
    private Glob() {}

    static boolean isPattern(String path) {
        return path.indexOf('*') >= 0 || path.indexOf('?') >= 0 || path.indexOf('[') >= 0;
    }

    /** The paths that exist and fit, in the order of their bytes. A folder that cannot be read counts as empty. */
    static List<String> expand(String pattern) {
        List<String> found = new ArrayList<>();
        int root = 0;
        while (root < pattern.length() && pattern.charAt(root) == '/') {
            root++;
        }
        walk(pattern.substring(0, root), pattern.substring(root), found);
        found.sort(null);
        return found;
    }

    private static void walk(String base, String rest, List<String> found) {
        int slash = rest.indexOf('/');
        String part = slash < 0 ? rest : rest.substring(0, slash);
        int after = Math.max(slash, 0);
        while (after < rest.length() && slash >= 0 && rest.charAt(after) == '/') {
            after++;
        }
        String separator = slash < 0 ? "" : rest.substring(slash, after);
        String deeper = slash < 0 ? "" : rest.substring(after);
        if (!isPattern(part)) {
            step(base + plain(part), separator, deeper, found);
            return;
        }
        for (String name : names(base)) {
            if (matches(part, name)) {
                step(base + name, separator, deeper, found);
            }
        }
    }

    private static void step(String path, String separator, String deeper, List<String> found) {
        if (separator.isEmpty()) {
            if (Files.exists(path(path), LinkOption.NOFOLLOW_LINKS)) {
                found.add(path);
            }
        } else if (Files.isDirectory(path(path))) {
            if (deeper.isEmpty()) {
                found.add(path + separator);
            } else {
                walk(path + separator, deeper, found);
            }
        }
    }

    private static List<String> names(String folder) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path(folder.isEmpty() ? "." : folder))) {
            for (Path entry : entries) {
                names.add(new String(
                        entry.getFileName().toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
            }
        } catch (IOException | DirectoryIteratorException unreadable) {
            return names;
        }
        return names;
    }

    /** The file an octet string names: its bytes are the name. */
    static Path path(String octets) {
        try {
            return Path.of(new String(octets.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
        } catch (InvalidPathException impossible) {
            return Path.of("/dev/null/", "no such name");
        }
    }

    private static String plain(String part) {
        if (part.indexOf('\\') < 0) {
            return part;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < part.length(); i++) {
            if (part.charAt(i) == '\\' && i + 1 < part.length()) {
                i++;
            }
            text.append(part.charAt(i));
        }
        return text.toString();
    }

    static boolean matches(String pattern, String name) {
        boolean hidden = !name.isEmpty() && name.charAt(0) == '.';
        if (hidden && (pattern.isEmpty() || "*?[".indexOf(pattern.charAt(0)) >= 0)) {
            return false;
        }
        return fits(pattern, name);
    }

    /** Goes back to the last star only, which is enough and never takes more than length × length steps. */
    private static boolean fits(String pattern, String name) {
        int p = 0;
        int n = 0;
        int starPattern = -1;
        int starName = 0;
        while (n < name.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                starPattern = ++p;
                starName = n;
                continue;
            }
            int width = p < pattern.length() ? one(pattern, p, name.charAt(n)) : 0;
            if (width > 0) {
                p += width;
                n++;
            } else if (starPattern >= 0) {
                p = starPattern;
                n = ++starName;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    /** How much of the pattern the character takes, 0 when it does not fit. */
    private static int one(String pattern, int p, char c) {
        char head = pattern.charAt(p);
        int setEnd = head == '[' ? setEnd(pattern, p) : -1;
        if (setEnd >= 0) {
            return inSet(pattern, p + 1, setEnd, c) ? setEnd + 1 - p : 0;
        }
        if (head == '\\' && p + 1 < pattern.length()) {
            return pattern.charAt(p + 1) == c ? 2 : 0;
        }
        return head == '?' || head == c ? 1 : 0;
    }

    /** The place of the bracket that closes a set; -1 when none does and the opening one is an ordinary character. */
    private static int setEnd(String pattern, int open) {
        int i = open + 1;
        if (i < pattern.length() && (pattern.charAt(i) == '!' || pattern.charAt(i) == '^')) {
            i++;
        }
        for (int first = i; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == ']' && i > first) {
                return i;
            }
            if (c == '\\') {
                i++;
            } else if (pattern.startsWith("[:", i)) {
                int close = pattern.indexOf(":]", i + 2);
                i = close < 0 ? i : close + 1;
            }
        }
        return -1;
    }

    private static boolean inSet(String pattern, int from, int end, char c) {
        int i = from;
        boolean negated = pattern.charAt(i) == '!' || pattern.charAt(i) == '^';
        if (negated) {
            i++;
        }
        boolean inside = false;
        while (i < end) {
            if (pattern.startsWith("[:", i)) {
                int close = pattern.indexOf(":]", i + 2);
                if (close > 0 && close < end) {
                    inside |= inClass(pattern.substring(i + 2, close), c);
                    i = close + 2;
                    continue;
                }
            }
            i = pattern.charAt(i) == '\\' && i + 1 < end ? i + 1 : i;
            char low = pattern.charAt(i++);
            char high = low;
            if (i + 1 < end && pattern.charAt(i) == '-') {
                i += pattern.charAt(i + 1) == '\\' && i + 2 < end ? 2 : 1;
                high = pattern.charAt(i++);
            }
            inside |= low <= c && c <= high;
        }
        return inside != negated;
    }

    private static boolean inClass(String name, char c) {
        boolean upper = c >= 'A' && c <= 'Z';
        boolean lower = c >= 'a' && c <= 'z';
        boolean digit = c >= '0' && c <= '9';
        boolean graph = c > ' ' && c < 0x7F;
        return switch (name) {
            case "upper" -> upper;
            case "lower" -> lower;
            case "digit" -> digit;
            case "alpha" -> upper || lower;
            case "alnum" -> upper || lower || digit;
            case "xdigit" -> digit || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
            case "space" -> c == ' ' || (c >= '\t' && c <= '\r');
            case "blank" -> c == ' ' || c == '\t';
            case "punct" -> graph && !upper && !lower && !digit;
            case "graph" -> graph;
            case "print" -> graph || c == ' ';
            case "cntrl" -> c < ' ' || c == 0x7F;
            default -> false;
        };
    }
}
