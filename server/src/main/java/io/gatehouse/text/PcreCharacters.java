package io.gatehouse.text;

import java.util.BitSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the characters of a pattern are, and how they and sets of them are written so that Java reads the same ones. */
final class PcreCharacters {
    private static final Set<String> LEADING = Set.of(
            "UTF",
            "UTF8",
            "UCP",
            "NO_AUTO_POSSESS",
            "NO_DOTSTAR_ANCHOR",
            "NO_JIT",
            "NO_START_OPT",
            "LF",
            "BSR_UNICODE",
            "BSR_ANYCRLF",
            "CR",
            "CRLF",
            "ANY",
            "NUL",
            "ANYCRLF",
            "NOTEMPTY",
            "NOTEMPTY_ATSTART");

    final CharProperties properties;
    private final boolean utf;
    private final boolean unicode;
    private final boolean crlfOnly;

    /** Whether Java ignores case at this place of what is written. */
    private boolean javaCaseless;

    /** What the verbs at the very start say, {@code (*UTF)} and its like, which are read. */
    static PcreCharacters saidBy(PcreText in, boolean caseless) {
        boolean unicode = false;
        boolean crlfOnly = false;
        for (String verb = verb(in); verb != null; verb = verb(in)) {
            switch (verb) {
                case "UTF", "UTF8" -> in.utf = true;
                case "UCP" -> unicode = true;
                case "BSR_ANYCRLF" -> crlfOnly = true;
                case "CR", "CRLF", "ANY", "NUL", "ANYCRLF", "NOTEMPTY", "NOTEMPTY_ATSTART" ->
                    throw in.unsupported("\"(*" + verb + ")\"", in.at);
                default -> {}
            }
            in.at += verb.length() + 3;
        }
        if (in.utf) {
            int at = in.at;
            while (in.more()) {
                in.next();
            }
            in.at = at;
        }
        return new PcreCharacters(in.utf, unicode, crlfOnly, caseless);
    }

    /** The verb ahead if it is of those that stand at the very start only, or null. */
    private static @Nullable String verb(PcreText in) {
        int end = in.ahead("(*") ? in.text.indexOf(')', in.at) : -1;
        if (end < 0) {
            return null;
        }
        String verb = in.text.substring(in.at + 2, end);
        return LEADING.contains(verb) || verb.matches("LIMIT_(HEAP|MATCH|DEPTH|RECURSION)=[0-9]{1,9}") ? verb : null;
    }

    /**
     * @param utf whether the pattern is of characters, not of octets
     * @param unicode whether words, digits and blanks are Unicode's
     * @param crlfOnly whether {@code \R} is CR, LF and both alone
     */
    PcreCharacters(boolean utf, boolean unicode, boolean crlfOnly, boolean javaCaseless) {
        this.properties = new CharProperties(utf, unicode);
        this.utf = utf;
        this.unicode = unicode;
        this.crlfOnly = crlfOnly;
        this.javaCaseless = javaCaseless;
    }

    boolean isJavaCaseless() {
        return javaCaseless;
    }

    void javaCaseless(boolean ignored) {
        javaCaseless = ignored;
    }

    String literal(int c, boolean caseless) {
        if (!utf || !caseless && c < 0x80) {
            return OctetClass.literal(c);
        }
        BitSet set = new BitSet();
        set.set(c);
        if (caseless) {
            CaseFolding.addOthers(c, set, properties);
        }
        return set(set);
    }

    /** A set as Java shall read it; when Java ignores case here, it must not add to the set. */
    String set(BitSet set) {
        String text = utf ? OctetClass.utf8(set) : OctetClass.of(set);
        return javaCaseless && hasOneCaseOnly(set) ? "(?-i:" + text + ")" : text;
    }

    private static boolean hasOneCaseOnly(BitSet set) {
        for (int c = 'A'; c <= 'Z'; c++) {
            if (set.get(c) != set.get(c | 0x20)) {
                return true;
            }
        }
        return false;
    }

    /** A dot; {@code all} if it takes line ends too. */
    String dot(boolean all) {
        if (!utf) {
            return all ? "(?s:.)" : ".";
        }
        return set(properties.where(c -> all || c != '\n'));
    }

    /** {@code \b} or {@code \B}. */
    String wordBoundary(char kind) {
        if (!unicode) {
            return "\\" + kind;
        }
        BitSet set = properties.type('w');
        String word = set == null ? "" : set(set);
        String inside = "(?<=" + word + ")";
        return kind == 'b'
                ? "(?:" + inside + "(?!" + word + ")|(?<!" + word + ")(?=" + word + "))"
                : "(?:" + inside + "(?=" + word + ")|(?<!" + word + ")(?!" + word + "))";
    }

    /** {@code \R}. */
    String newline() {
        if (crlfOnly) {
            return "(?>\\r\\n|[\\n\\r])";
        }
        return utf ? "(?>\\r\\n|[\\x0a-\\x0d]|\\xc2\\x85|\\xe2\\x80[\\xa8\\xa9])" : "(?>\\r\\n|[\\x0a-\\x0d\\x85])";
    }
}
