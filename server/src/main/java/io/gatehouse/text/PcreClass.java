package io.gatehouse.text;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Reads a class in brackets into the set of characters it stands for. */
final class PcreClass {
    private static final int NONE = -1;
    private static final int STARTED = -2;

    private final PcreText in;
    private final CharProperties properties;
    private final PcreEscape escape;
    private final boolean caseless;
    private final boolean skipsBlanks;
    private final BitSet set;

    /** The character a hyphen would make the start of a range; NONE after anything else; STARTED after the hyphen. */
    private int range = NONE;

    private int rangeStart;
    private boolean quoting;

    PcreClass(PcreText in, CharProperties properties, boolean caseless, boolean skipsBlanks) {
        this.in = in;
        this.properties = properties;
        this.escape = new PcreEscape(in);
        this.caseless = caseless;
        this.skipsBlanks = skipsBlanks;
        this.set = new BitSet(properties.size());
    }

    /** Reads from after the opening bracket to after the closing one. */
    BitSet read() {
        if (posixEnd() >= 0) {
            boolean named = in.peek() == ':';
            throw named
                    ? in.wrong("POSIX named classes are supported only within a class", in.at - 1)
                    : in.wrong("POSIX collating elements are not supported", in.at - 1);
        }
        boolean negated = false;
        int c = -1;
        while (in.more()) {
            c = in.next();
            if (c == '\\' && in.peek() == 'E') {
                in.at++;
            } else if (c == '\\' && in.ahead("Q\\E")) {
                in.at += 3;
            } else if (!negated && c == '^') {
                negated = true;
            } else if (!(skipsBlanks && (c == ' ' || c == '\t'))) {
                break;
            }
        }
        if (c < 0) {
            throw in.wrong("missing terminating ] for character class");
        }
        while (true) {
            item(c);
            if (!in.more()) {
                throw in.wrong("missing terminating ] for character class");
            }
            c = in.next();
            if (c == ']' && !quoting) {
                break;
            }
        }
        if (range == STARTED) {
            set.set('-');
        }
        return negated ? properties.not(set) : set;
    }

    private void item(int c) {
        if (quoting) {
            if (c == '\\' && in.peek() == 'E') {
                quoting = false;
                in.at++;
            } else {
                literal(c, in.at - 1);
            }
            return;
        }
        if (skipsBlanks && (c == ' ' || c == '\t')) {
            return;
        }
        int end = c == '[' ? posixEnd() : -1;
        if (end >= 0) {
            posix(end);
        } else if (c == '-' && range >= 0) {
            rangeStart = range;
            range = STARTED;
        } else if (c == '\\') {
            escaped();
        } else {
            literal(c, in.at - 1);
        }
    }

    private void literal(int c, int offset) {
        if (range == STARTED) {
            if (c < rangeStart) {
                throw in.wrong("range out of order in character class", offset);
            }
            for (int i = rangeStart; i <= c; i++) {
                add(i);
            }
            range = NONE;
        } else {
            add(c);
            range = c;
        }
    }

    private void add(int c) {
        set.set(c);
        if (caseless) {
            CaseFolding.addOthers(c, set, properties);
        }
    }

    private void posix(int end) {
        if (range == STARTED) {
            throw in.wrong("invalid range in character class");
        }
        if (in.peek() != ':') {
            throw in.wrong("POSIX collating elements are not supported", in.at - 1);
        }
        in.at++;
        boolean negated = in.peek() == '^';
        if (negated) {
            in.at++;
        }
        BitSet named = properties.posix(in.text.substring(in.at, Math.max(in.at, end)), caseless);
        if (named == null) {
            throw in.wrong("unknown POSIX class name");
        }
        in.at = end + 2;
        addAll(named, negated);
    }

    private void addAll(BitSet named, boolean negated) {
        refuseHyphen();
        range = NONE;
        set.or(negated ? properties.not(named) : named);
    }

    /** A hyphen after a whole set is most likely a mistake. */
    private void refuseHyphen() {
        if (in.peek() == '-' && in.peek(1) >= 0 && in.peek(1) != ']') {
            throw in.wrong("invalid range in character class");
        }
    }

    private void escaped() {
        char kind = escape.read(true, 0);
        switch (kind) {
            case PcreEscape.LITERAL -> literal(escape.value, in.at - 1);
            case 'b' -> literal('\b', in.at - 1);
            case 'Q' -> quoting = true;
            case 'E' -> {}
            case 'B', 'R', 'X' -> throw invalid();
            default -> {
                if (range == STARTED) {
                    throw in.wrong("invalid range in character class");
                }
                if (kind == 'N') {
                    throw in.wrong("\\N is not supported in a class");
                }
                BitSet named = kind == 'p' || kind == 'P' ? property(in, properties, kind) : properties.type(kind);
                if (named == null) {
                    throw invalid();
                }
                addAll(named, false);
            }
        }
    }

    private RegexException invalid() {
        return in.wrong("escape sequence is invalid in character class", in.at - 1);
    }

    /** Reads what follows {@code \p} or {@code \P}. */
    static BitSet property(PcreText in, CharProperties properties, char kind) {
        int start = in.at;
        String malformed = "malformed \\P or \\p sequence";
        if (!in.more()) {
            throw in.wrong(malformed);
        }
        boolean negated = kind == 'P';
        StringBuilder name = new StringBuilder();
        int c = in.text.charAt(in.at++);
        if (c == '{') {
            if (in.peek() == '^') {
                negated = !negated;
                in.at++;
            }
            while (in.more() && in.peek() != '}' && in.peek() != 0 && name.length() < 49) {
                c = in.text.charAt(in.at++);
                if (c != '_' && c != '-' && c != ' ' && !(c >= '\t' && c <= '\r')) {
                    name.append((char) Ascii.lower(c));
                }
            }
            if (in.peek() != '}') {
                throw in.wrong(malformed);
            }
            in.at++;
        } else if (c < 0x80 && Ascii.isLetter(c)) {
            name.append((char) Ascii.lower(c));
        } else {
            throw in.wrong(malformed);
        }
        BitSet set = properties.property(name.toString());
        if (set == null) {
            throw isKnownToPcre(name.toString())
                    ? in.unsupported("property \"\\" + kind + in.text.substring(start, in.at) + "\"", start)
                    : in.wrong("unknown property after \\P or \\p");
        }
        return negated ? properties.not(set) : set;
    }

    private static boolean isKnownToPcre(String property) {
        return property.startsWith("bidi")
                || property.startsWith("bc")
                || property.startsWith("scx")
                || property.startsWith("scriptextensions");
    }

    /** Where the {@code :]} of a POSIX class stands whose colon is the next octet; -1 when it is none. */
    private int posixEnd() {
        int terminator = in.peek();
        if (terminator != ':' && terminator != '.' && terminator != '=') {
            return -1;
        }
        for (int i = in.at + 1; i + 1 < in.length; i++) {
            char c = in.text.charAt(i);
            char after = in.text.charAt(i + 1);
            if (c == '\\' && (after == ']' || after == '\\')) {
                i++;
            } else if (c == ']' || (c == '[' && after == terminator)) {
                return -1;
            } else if (c == terminator && after == ']') {
                return i;
            }
        }
        return -1;
    }

    static @Nullable String wordBoundaryClass(PcreText in) {
        return in.ahead("[:<:]]") ? "\\b(?=\\w)" : in.ahead("[:>:]]") ? "\\b(?<=\\w)" : null;
    }
}
