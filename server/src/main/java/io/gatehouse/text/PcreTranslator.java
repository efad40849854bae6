package io.gatehouse.text;

import static io.gatehouse.text.PcreOptions.CASELESS;
import static io.gatehouse.text.PcreOptions.DOTALL;
import static io.gatehouse.text.PcreOptions.EXTENDED;
import static io.gatehouse.text.PcreOptions.EXTENDED_MORE;
import static io.gatehouse.text.PcreOptions.MULTILINE;
import static io.gatehouse.text.PcreOptions.UNGREEDY;

import io.gatehouse.text.PcreParenthesis.Opening;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
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

    /** An open parenthesis: the options to return to, and what it may be part of. */
    private record Group(PcreOptions outside, boolean lookaround, int lookbehind, boolean leading) {}

    private final PcreText in;
    private final PcreEscape escape;
    private final PcreParenthesis parenthesis;
    private final PcreGroups groups;
    private final PcreStart start = new PcreStart();
    /** Whether this is the second reading. */
    private final boolean again;

    private final StringBuilder out = new StringBuilder();
    private final Deque<Group> open = new ArrayDeque<>();
    private PcreCharacters characters;
    private PcreOptions options;
    private int firstLookbehind = -1;
    private boolean quoting;
    private boolean quantifiable;
    private @Nullable String quantifier;

    private PcreTranslator(String pattern, boolean caseless, @Nullable Translation known) {
        this.in = new PcreText(pattern);
        this.escape = new PcreEscape(in);
        this.parenthesis = new PcreParenthesis(in);
        this.groups = new PcreGroups(in, known);
        this.again = known != null;
        this.options = new PcreOptions(caseless ? CASELESS : 0);
        this.characters = new PcreCharacters(false, false, false, caseless);
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
        characters = PcreCharacters.saidBy(in, options.has(CASELESS));
        while (in.more()) {
            if (open.size() > DEEPEST) {
                throw in.wrong("parentheses are too deeply nested");
            }
            int at = in.at;
            int c = in.next();
            if (quoting) {
                quoted(c);
            } else if (!skip(c)) {
                item(c, at);
            }
        }
        endQuantifier(0);
        if (!open.isEmpty()) {
            throw in.wrong("missing closing parenthesis");
        }
        return groups.translation(out.toString(), start);
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

    private void item(int c, int at) {
        if (quantifier != null && (c == '?' || c == '+')) {
            endQuantifier(c);
            return;
        }
        endQuantifier(0);
        boolean repeatable = quantifiable;
        quantifiable = false;
        switch (c) {
            case '\\' -> escaped(at);
            case '^' -> circumflex();
            case '$' -> write(options.has(MULTILINE) ? "(?m:$)" : "$");
            case '.' -> {
                start.dot(onlyLeadingGroups());
                atom(characters.dot(options.has(DOTALL)));
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
            case '(' -> parenthesis(at);
            case '|' -> alternative();
            case ')' -> close();
            default -> literal(c);
        }
    }

    private void quantify(String text, boolean repeatable) {
        if (!repeatable) {
            throw in.wrong("quantifier does not follow a repeatable item", in.at - 1);
        }
        start.quantifier();
        int lookbehind = lookbehind();
        if (again && lookbehind >= 0 && (text.length() == 1 || text.indexOf(',') >= 0)) {
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
        start.quantified(quantifier.equals("*") && suffix != '+');
        out.append(quantifier).append(suffix == '+' ? "+" : lazy ? "?" : "");
        quantifier = null;
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
        start.mark();
    }

    /** Writes something that a quantifier may follow. */
    private void atom(String java) {
        out.append(java);
        quantifiable = true;
        start.atom();
    }

    private void literal(int c) {
        start.noDot();
        atom(characters.literal(c, options.has(CASELESS)));
    }

    private void set(BitSet set) {
        start.noDot();
        atom(characters.set(set));
    }

    private void circumflex() {
        if (options.has(MULTILINE)) {
            // Java's own finds no line in an empty subject.
            write("(?:\\A|(?m:^))");
        } else {
            start.anchor(open.isEmpty());
            write("^");
        }
    }

    // ---- escapes

    private void escaped(int at) {
        char kind = escape.read(false, groups.count());
        switch (kind) {
            case PcreEscape.LITERAL -> literal(escape.value);
            case PcreEscape.REFERENCE -> reference(escape.value, in.at - 1);
            case 'A' -> {
                start.anchor(open.isEmpty());
                write("\\A");
            }
            case 'G' -> {
                start.whereLastEnded();
                write("\\G");
            }
            case 'Z', 'z' -> write("\\" + kind);
            case 'b', 'B' -> write(characters.wordBoundary(kind));
            case 'K' -> reset();
            case 'C' -> atom("(?s:.)");
            case 'N' -> atom(characters.dot(false));
            case 'R' -> atom(characters.newline());
            case 'X' -> throw in.unsupported("grapheme \"\\X\"", at);
            case 'g' -> throw in.unsupported("subroutine call \"\\g\"", at);
            case 'k' -> namedReference();
            case 'p', 'P' -> set(PcreClass.property(in, characters.properties, kind));
            default -> {
                BitSet set = characters.properties.type(kind);
                if (set == null) {
                    throw in.wrong("unrecognized character follows \\", in.at - 1);
                }
                set(set);
            }
        }
    }

    /** {@code \K} is kept as an empty group, whose place is the start of the match. */
    private void reset() {
        if (again && open.stream().anyMatch(Group::lookaround)) {
            throw in.wrong("\\K is not allowed in lookarounds (but see PCRE2_EXTRA_ALLOW_LOOKAROUND_BSK)", in.length);
        }
        groups.reset();
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
        String name = PcreName.read(in, terminator);
        reference(groups.number(name, offset), offset);
    }

    private void reference(int number, int offset) {
        start.reference();
        atom(groups.reference(number, offset, lookbehind() >= 0));
    }

    // ---- classes and groups

    private void bracket() {
        String boundary = PcreClass.wordBoundaryClass(in);
        if (boundary != null) {
            in.at += 6;
            atom(boundary);
            return;
        }
        set(new PcreClass(in, characters.properties, options.has(CASELESS), options.has(EXTENDED_MORE)).read());
    }

    private void open(String java, boolean lookaround, int lookbehind) {
        boolean once = lookaround || java.equals("(?>");
        open.push(new Group(options, lookaround, lookbehind, start.opened(once)));
        out.append(java);
    }

    private void close() {
        start.closes();
        if (open.isEmpty()) {
            throw in.wrong("unmatched closing parenthesis", in.at - 1);
        }
        Group group = open.pop();
        out.append(')');
        characters.javaCaseless(group.outside().has(CASELESS));
        options = group.outside();
        quantifiable = true;
        start.closed(group.leading(), group.lookaround());
    }

    private void alternative() {
        start.alternative(onlyLeadingGroups(), open.isEmpty());
        out.append('|');
    }

    private void parenthesis(int at) {
        Opening opening = parenthesis.read(at, options);
        // No switch over the types: on the way of a start that takes the JVM milliseconds.
        if (opening instanceof Opening.Group group) {
            if (group.lookbehind() >= 0 && firstLookbehind < 0) {
                firstLookbehind = group.lookbehind();
            }
            open(group.java(), group.lookaround(), group.lookbehind());
        } else if (opening instanceof Opening.Capture capture) {
            if (capture.name() != null) {
                groups.name(capture.name());
            }
            groups.open();
            open("(", false, -1);
        } else if (opening instanceof Opening.Reference reference) {
            reference(groups.number(reference.name(), reference.offset()), reference.offset());
        } else if (opening instanceof Opening.Options changed) {
            options(changed);
        } else if (opening instanceof Opening.Fail) {
            write("(?!)");
        }
    }

    private void options(Opening.Options changed) {
        if (changed.group()) {
            open("(?:", false, -1);
        }
        options = changed.options();
        if (characters.isJavaCaseless() != options.has(CASELESS)) {
            characters.javaCaseless(options.has(CASELESS));
            out.append(options.has(CASELESS) ? "(?i)" : "(?-i)");
        }
    }
}
