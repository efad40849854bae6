package io.gatehouse.text;

import static io.gatehouse.text.PcreOptions.CASELESS;
import static io.gatehouse.text.PcreOptions.DOTALL;
import static io.gatehouse.text.PcreOptions.EXTENDED;
import static io.gatehouse.text.PcreOptions.EXTENDED_MORE;
import static io.gatehouse.text.PcreOptions.MULTILINE;
import static io.gatehouse.text.PcreOptions.NO_CAPTURE;
import static io.gatehouse.text.PcreOptions.UNGREEDY;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites a PCRE2 pattern (as of 10.42, 8-bit, default options) for java.util.regex, item by item. Sets of characters
 * are worked out here, so that nothing is left to the other's different classes. What PCRE refuses is refused with its
 * words and its place; what cannot be rewritten is refused by its name.
 *
 * <p>A reference may point forward, so the pattern is read twice: the second time with the groups known.
 */
final class PcreTranslator {
    private static final int DEEPEST = 250;
    private static final int LONGEST_NAME = 32;

    /** An open parenthesis: the options to return to, and what it may be part of. */
    private record Group(PcreOptions outside, boolean lookaround, int lookbehind, boolean leading) {}

    private final PcreText in;
    private final PcreEscape escape;
    private final @Nullable Translation known;
    private final StringBuilder out = new StringBuilder();
    private final Deque<Group> open = new ArrayDeque<>();
    private final Map<String, Integer> names = new LinkedHashMap<>();
    private final List<Integer> javaGroups = new ArrayList<>(List.of(0));
    private final List<Integer> resets = new ArrayList<>();
    private CharProperties properties;
    private PcreOptions options;
    private boolean unicode;
    private boolean crlfOnly;
    private int groups;
    private int groupsInJava;
    private int firstLookbehind = -1;

    /** Whether Java ignores case at this place of what is written. */
    private boolean javaCaseless;

    private boolean quoting;
    private boolean quantifiable;
    private @Nullable String quantifier;

    /** Nothing has been written yet that could match: an anchor here holds for the whole branch. */
    private boolean leading = true;

    private boolean anchored = true;
    private boolean branchAnchored;
    private boolean leadingDot;
    private boolean dotStar;
    private boolean closedLeading;
    private boolean alternatives;
    private boolean references;
    private boolean startAnchor;

    private PcreTranslator(String pattern, boolean caseless, @Nullable Translation known) {
        this.in = new PcreText(pattern);
        this.escape = new PcreEscape(in);
        this.options = new PcreOptions(caseless ? CASELESS : 0);
        this.javaCaseless = caseless;
        this.known = known;
        this.properties = new CharProperties(false, false);
    }

    /** @throws RegexException for a pattern that is wrong or cannot be rewritten */
    static Translation translate(String pattern, boolean caseless) {
        Translation first = new PcreTranslator(pattern, caseless, null).translate();
        return new PcreTranslator(pattern, caseless, first).translate();
    }

    /** The place of the first lookbehind, which Java may find too long. */
    static int lookbehind(String pattern, boolean caseless) {
        PcreTranslator translator = new PcreTranslator(pattern, caseless, null);
        translator.translate();
        return Math.max(0, translator.firstLookbehind);
    }

    private Translation translate() {
        leadingVerbs();
        properties = new CharProperties(in.utf, unicode);
        while (in.more()) {
            if (open.size() > DEEPEST) {
                throw in.wrong("parentheses are too deeply nested");
            }
            int start = in.at;
            int c = in.next();
            if (quoting) {
                quoted(c);
            } else if (!skip(c)) {
                item(c, start);
            }
        }
        endQuantifier(0);
        if (!open.isEmpty()) {
            throw in.wrong("missing closing parenthesis");
        }
        return new Translation(
                out.toString(),
                groups,
                javaGroups.stream().mapToInt(Integer::intValue).toArray(),
                resets.stream().mapToInt(Integer::intValue).toArray(),
                Map.copyOf(names),
                anchored && branchAnchored,
                dotStar && !alternatives && !references,
                !startAnchor);
    }

    /** {@code (*UTF)} and its like may stand at the very start only. */
    private void leadingVerbs() {
        while (in.ahead("(*")) {
            int end = in.text.indexOf(')', in.at);
            String verb = end < 0 ? "" : in.text.substring(in.at + 2, end);
            switch (verb) {
                case "UTF", "UTF8" -> in.utf = true;
                case "UCP" -> unicode = true;
                case "NO_AUTO_POSSESS", "NO_DOTSTAR_ANCHOR", "NO_JIT", "NO_START_OPT", "LF", "BSR_UNICODE" -> {}
                case "BSR_ANYCRLF" -> crlfOnly = true;
                case "CR", "CRLF", "ANY", "NUL", "ANYCRLF", "NOTEMPTY", "NOTEMPTY_ATSTART" ->
                    throw in.unsupported("\"(*" + verb + ")\"", in.at);
                default -> {
                    if (!verb.matches("LIMIT_(HEAP|MATCH|DEPTH|RECURSION)=[0-9]{1,9}")) {
                        return;
                    }
                }
            }
            in.at = end + 1;
        }
        if (in.utf) {
            int start = in.at;
            while (in.more()) {
                in.next();
            }
            in.at = start;
        }
    }

    private void quoted(int c) {
        if (c == '\\' && in.peek() == 'E') {
            quoting = false;
            in.at++;
            return;
        }
        endQuantifier(0);
        literal(c);
    }

    /** What is no item at all: the marks of quoting, comments, blanks in an extended pattern. */
    private boolean skip(int c) {
        if (c == '\\' && (in.peek() == 'Q' || in.peek() == 'E')) {
            quoting = in.peek() == 'Q';
            in.at++;
            return true;
        }
        if (options.has(EXTENDED)) {
            boolean blank = c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85;
            if (blank || (c | 1) == 0x200F || (c | 1) == 0x2029) {
                return true;
            }
            if (c == '#') {
                int end = in.text.indexOf('\n', in.at);
                in.at = end < 0 ? in.length : end + 1;
                return true;
            }
        }
        if (c == '(' && in.ahead("?#")) {
            int end = in.text.indexOf(')', in.at);
            if (end < 0) {
                in.at = in.length;
                throw in.wrong("missing ) after (?# comment");
            }
            in.at = end + 1;
            return true;
        }
        return false;
    }

    private void item(int c, int start) {
        if (quantifier != null && (c == '?' || c == '+')) {
            endQuantifier(c);
            return;
        }
        endQuantifier(0);
        boolean repeatable = quantifiable;
        quantifiable = false;
        switch (c) {
            case '\\' -> escaped(start);
            case '^' -> circumflex();
            case '$' -> write(options.has(MULTILINE) ? "(?m:$)" : "$");
            case '.' -> {
                leadingDot = leading && onlyLeadingGroups();
                atom(dot(options.has(DOTALL)));
            }
            case '*', '+', '?' -> quantify(String.valueOf((char) c), repeatable);
            case '{' -> {
                in.at--;
                String counts = Quantifier.read(in);
                if (counts == null) {
                    in.at++;
                    literal(c);
                } else {
                    quantify(counts, repeatable);
                }
            }
            case '[' -> bracket();
            case '(' -> parenthesis(start);
            case '|' -> alternative();
            case ')' -> close();
            default -> literal(c);
        }
    }

    private void quantify(String text, boolean repeatable) {
        if (!repeatable) {
            throw in.wrong("quantifier does not follow a repeatable item", in.at - 1);
        }
        if (closedLeading) {
            dotStar = false;
        }
        int lookbehind = lookbehind();
        if (known != null && lookbehind >= 0 && (text.length() == 1 || text.indexOf(',') >= 0)) {
            throw notFixedLength(lookbehind);
        }
        quantifier = text;
    }

    /** Writes the quantifier read last, once it is known what follows it: {@code ?}, {@code +} or something else. */
    private void endQuantifier(int suffix) {
        if (quantifier == null) {
            return;
        }
        boolean lazy = (suffix == '?') != options.has(UNGREEDY) && suffix != '+';
        if (leadingDot && quantifier.equals("*") && suffix != '+') {
            dotStar = true;
        }
        out.append(quantifier).append(suffix == '+' ? "+" : lazy ? "?" : "");
        quantifier = null;
        leadingDot = false;
        closedLeading = false;
    }

    private RegexException notFixedLength(int lookbehind) {
        return in.wrong("lookbehind assertion is not fixed length", lookbehind);
    }

    /** Where the lookbehind begins whose length the next item counts for; -1 outside of all. */
    private int lookbehind() {
        for (Group group : open) {
            if (group.lookaround()) {
                return group.lookbehind();
            }
        }
        return -1;
    }

    private boolean onlyLeadingGroups() {
        return open.stream().allMatch(Group::leading);
    }

    // ---- writing

    /** Writes something that matches no character. */
    private void write(String java) {
        out.append(java);
        closedLeading = false;
        leadingDot = false;
    }

    /** Writes something that a quantifier may follow. */
    private void atom(String java) {
        out.append(java);
        quantifiable = true;
        leading = false;
        closedLeading = false;
    }

    private void literal(int c) {
        leadingDot = false;
        if (options.has(CASELESS) && in.utf) {
            BitSet set = new BitSet();
            set.set(c);
            CaseFolding.addOthers(c, set, properties);
            set(set);
        } else if (in.utf && c >= 0x80) {
            BitSet set = new BitSet();
            set.set(c);
            set(set);
        } else {
            atom(OctetClass.literal(c));
        }
    }

    private void set(BitSet set) {
        leadingDot = false;
        atom(java(set));
    }

    /** A set as Java shall read it; when Java ignores case here, it must not add to the set. */
    private String java(BitSet set) {
        String text = in.utf ? OctetClass.utf8(set) : OctetClass.of(set);
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

    private String dot(boolean all) {
        if (!in.utf) {
            return all ? "(?s:.)" : ".";
        }
        return java(properties.where(c -> all || c != '\n'));
    }

    private void circumflex() {
        if (options.has(MULTILINE)) {
            // Java's own finds no line in an empty subject.
            write("(?:\\A|(?m:^))");
        } else {
            branchAnchored |= leading && open.isEmpty();
            write("^");
        }
    }

    // ---- escapes

    private void escaped(int start) {
        char kind = escape.read(false, groups);
        switch (kind) {
            case PcreEscape.LITERAL -> literal(escape.value);
            case PcreEscape.REFERENCE -> reference(escape.value, in.at - 1);
            case 'A' -> {
                branchAnchored |= leading && open.isEmpty();
                write("\\A");
            }
            case 'G' -> {
                startAnchor = true;
                write("\\G");
            }
            case 'Z', 'z' -> write("\\" + kind);
            case 'b', 'B' -> wordBoundary(kind);
            case 'K' -> reset();
            case 'C' -> atom("(?s:.)");
            case 'N' -> atom(dot(false));
            case 'R' -> atom(newline());
            case 'X' -> throw in.unsupported("grapheme \"\\X\"", start);
            case 'g' -> throw in.unsupported("subroutine call \"\\g\"", start);
            case 'k' -> namedReference();
            case 'p', 'P' -> set(PcreClass.property(in, properties, kind));
            default -> {
                BitSet set = properties.type(kind);
                if (set == null) {
                    throw in.wrong("unrecognized character follows \\", in.at - 1);
                }
                set(set);
            }
        }
    }

    private void wordBoundary(char kind) {
        if (!unicode) {
            write("\\" + kind);
            return;
        }
        BitSet set = properties.type('w');
        String word = set == null ? "" : java(set);
        String inside = "(?<=" + word + ")";
        write(
                kind == 'b'
                        ? "(?:" + inside + "(?!" + word + ")|(?<!" + word + ")(?=" + word + "))"
                        : "(?:" + inside + "(?=" + word + ")|(?<!" + word + ")(?!" + word + "))");
    }

    private String newline() {
        if (crlfOnly) {
            return "(?>\\r\\n|[\\n\\r])";
        }
        return in.utf ? "(?>\\r\\n|[\\x0a-\\x0d]|\\xc2\\x85|\\xe2\\x80[\\xa8\\xa9])" : "(?>\\r\\n|[\\x0a-\\x0d\\x85])";
    }

    /** {@code \K} is kept as an empty group, whose place is the start of the match. */
    private void reset() {
        if (known != null && open.stream().anyMatch(Group::lookaround)) {
            throw in.wrong("\\K is not allowed in lookarounds (but see PCRE2_EXTRA_ALLOW_LOOKAROUND_BSK)", in.length);
        }
        resets.add(++groupsInJava);
        write("()");
    }

    private void namedReference() {
        int c = in.peek();
        if (c != '{' && c != '<' && c != '\'') {
            throw in.wrong("\\k is not followed by a braced, angle-bracketed, or quoted name");
        }
        referenceByName(c == '{' ? '}' : c == '<' ? '>' : '\'');
    }

    private void referenceByName(char terminator) {
        int offset = in.at + 1;
        String name = name(terminator);
        if (known == null) {
            reference(0, offset);
            return;
        }
        Integer number = known.names().get(name);
        if (number == null) {
            throw in.wrong("reference to non-existent subpattern", offset);
        }
        reference(number, offset);
    }

    private void reference(int number, int offset) {
        references = true;
        leadingDot = false;
        if (known == null) {
            atom("(?:)");
            return;
        }
        if (number > known.groups()) {
            throw in.wrong("reference to non-existent subpattern", offset);
        }
        if (lookbehind() >= 0) {
            throw in.unsupported("back reference in a lookbehind", offset);
        }
        int java = known.javaGroups()[number];
        if (java > groupsInJava && java > 9) {
            throw in.unsupported("forward reference to group " + number, offset);
        }
        atom("(?:\\" + java + ")");
    }

    /** Reads a group's name after the character before it, and its terminator. */
    private String name(char terminator) {
        in.at++;
        if (!in.more()) {
            throw in.wrong("subpattern name expected");
        }
        if (Ascii.isDigit(in.peek())) {
            throw in.wrong("subpattern name must start with a non-digit");
        }
        int start = in.at;
        while (in.more() && isNameOctet(in.peek())) {
            in.at++;
        }
        if (in.at - start > LONGEST_NAME) {
            throw in.wrong("subpattern name is too long (maximum " + LONGEST_NAME + " code units)");
        }
        if (in.at == start) {
            throw in.wrong("subpattern name expected");
        }
        if (in.peek() != terminator) {
            throw in.wrong("syntax error in subpattern name (missing terminator?)");
        }
        return in.text.substring(start, in.at++);
    }

    private boolean isNameOctet(int octet) {
        return CharProperties.isWord(octet) || (in.utf && octet >= 0x80);
    }

    // ---- classes and groups

    private void bracket() {
        String boundary = PcreClass.wordBoundaryClass(in);
        if (boundary != null) {
            in.at += 6;
            atom(boundary);
            return;
        }
        set(new PcreClass(in, properties, options.has(CASELESS), options.has(EXTENDED_MORE)).read());
    }

    private void open(String java, boolean lookaround) {
        open(java, lookaround, -1);
    }

    private void open(String java, boolean lookaround, int lookbehind) {
        boolean once = lookaround || java.equals("(?>");
        open.push(new Group(options, lookaround, lookbehind, leading && !once));
        leadingDot = false;
        closedLeading = false;
        out.append(java);
    }

    private void capture() {
        javaGroups.add(++groupsInJava);
        groups++;
        open("(", false);
    }

    private void close() {
        leadingDot = false;
        if (open.isEmpty()) {
            throw in.wrong("unmatched closing parenthesis", in.at - 1);
        }
        Group group = open.pop();
        out.append(')');
        javaCaseless = group.outside().has(CASELESS);
        options = group.outside();
        quantifiable = true;
        closedLeading = group.leading();
        leading = leading && group.lookaround();
    }

    private void alternative() {
        alternatives |= onlyLeadingGroups();
        leadingDot = false;
        out.append('|');
        if (open.isEmpty()) {
            anchored &= branchAnchored;
            branchAnchored = false;
            leading = true;
        } else {
            leading = false;
        }
    }

    private void parenthesis(int start) {
        if (!in.more()) {
            throw in.wrong("missing closing parenthesis");
        }
        if (in.peek() == '*') {
            if (in.peek(1) >= 0 && in.peek(1) != ')') {
                verb(start);
            }
            return;
        }
        if (in.peek() != '?') {
            if (options.has(NO_CAPTURE)) {
                open("(?:", false);
            } else {
                capture();
            }
            return;
        }
        in.at++;
        switch (in.peek()) {
            case -1 -> throw in.wrong("missing closing parenthesis");
            case '=', '!', '>' -> {
                String look = "(?" + (char) in.peek();
                in.at++;
                open(look, !look.endsWith(">"));
            }
            case '<' -> angle(start);
            case '\'' -> named('\'');
            case 'P' -> python(start);
            case 'R', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '+' ->
                throw in.unsupported("recursion \"" + upToParenthesis(start) + "\"", start);
            case '&' -> throw in.unsupported("recursion \"" + upToParenthesis(start) + "\"", start);
            case '(' -> throw in.unsupported("conditional group \"(?(\"", start);
            case '|' -> throw in.unsupported("branch reset \"(?|\"", start);
            case '*' -> throw in.unsupported("non-atomic assertion \"(?*\"", start);
            case 'C' -> throw in.unsupported("callout \"(?C\"", start);
            default -> optionGroup(start);
        }
    }

    private String upToParenthesis(int start) {
        int end = in.text.indexOf(')', start);
        return in.text.substring(start, end < 0 ? in.length : end + 1);
    }

    private void angle(int start) {
        int after = in.peek(1);
        if (after == '*') {
            throw in.unsupported("non-atomic assertion \"(?<*\"", start);
        }
        if (after == '=' || after == '!') {
            lookbehind("(?<" + (char) after);
            in.at += 2;
        } else {
            named('>');
        }
    }

    private void lookbehind(String java) {
        int place = Math.max(0, in.at - 2);
        if (firstLookbehind < 0) {
            firstLookbehind = place;
        }
        open(java, true, place);
    }

    private void named(char terminator) {
        String name = name(terminator);
        if (names.putIfAbsent(name, groups + 1) != null) {
            throw in.wrong("two named subpatterns have the same name (PCRE2_DUPNAMES not set)");
        }
        capture();
    }

    private void python(int start) {
        in.at++;
        switch (in.peek()) {
            case -1 -> throw in.wrong("missing closing parenthesis");
            case '<' -> named('>');
            case '>' -> throw in.unsupported("recursion \"" + upToParenthesis(start) + "\"", start);
            case '=' -> referenceByName(')');
            default -> throw in.wrong("unrecognized character after (?P");
        }
    }

    private void optionGroup(int start) {
        if (in.peek() == '-' && Ascii.isDigit(in.peek(1))) {
            throw in.unsupported("recursion \"" + upToParenthesis(start) + "\"", start);
        }
        PcreOptions changed = options.read(in);
        boolean group = in.peek() == ':';
        in.at++;
        if (group) {
            open("(?:", false);
        }
        options = changed;
        if (javaCaseless != options.has(CASELESS)) {
            javaCaseless = options.has(CASELESS);
            out.append(javaCaseless ? "(?i)" : "(?-i)");
        }
    }

    /** {@code (*word...}: assertions by name in small letters, verbs in large ones. */
    private void verb(int start) {
        in.at++;
        int nameStart = in.at;
        while (in.more() && CharProperties.isWord(in.peek())) {
            in.at++;
        }
        String name = in.text.substring(nameStart, in.at);
        if (!name.isEmpty() && name.charAt(0) >= 'a' && name.charAt(0) <= 'z') {
            assertion(name, start);
            return;
        }
        if (in.peek() != ':' && in.peek() != ')') {
            throw in.wrong("(*VERB) not recognized or malformed");
        }
        switch (name) {
            case "F", "FAIL" -> {
                if (in.peek() == ':') {
                    throw in.unsupported("verb \"(*" + name + ":\"", start);
                }
                in.at++;
                write("(?!)");
            }
            case "", "MARK", "ACCEPT", "COMMIT", "PRUNE", "SKIP", "THEN" ->
                throw in.unsupported("verb \"(*" + name + ")\"", start);
            default -> throw in.wrong("(*VERB) not recognized or malformed");
        }
    }

    private void assertion(String name, int start) {
        if (in.peek() != ':') {
            throw in.wrong("(*alpha_assertion) not recognized");
        }
        switch (name) {
            case "pla", "positive_lookahead" -> open("(?=", true);
            case "nla", "negative_lookahead" -> open("(?!", true);
            case "plb", "positive_lookbehind" -> lookbehind("(?<=");
            case "nlb", "negative_lookbehind" -> lookbehind("(?<!");
            case "atomic" -> open("(?>", false);
            case "napla", "naplb", "non_atomic_positive_lookahead", "non_atomic_positive_lookbehind" ->
                throw in.unsupported("non-atomic assertion \"(*" + name + ":\"", start);
            case "sr", "asr", "script_run", "atomic_script_run" ->
                throw in.unsupported("script run \"(*" + name + ":\"", start);
            default -> throw in.wrong("(*alpha_assertion) not recognized");
        }
        in.at++;
    }
}
