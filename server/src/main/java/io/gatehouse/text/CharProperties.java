package io.gatehouse.text;

import java.util.BitSet;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The sets of characters that PCRE knows by name: types such as {@code \w}, POSIX classes, Unicode properties. */
final class CharProperties {
    private static final Map<String, Integer> CATEGORIES = Map.ofEntries(
            Map.entry("lu", 1 << Character.UPPERCASE_LETTER),
            Map.entry("ll", 1 << Character.LOWERCASE_LETTER),
            Map.entry("lt", 1 << Character.TITLECASE_LETTER),
            Map.entry("lm", 1 << Character.MODIFIER_LETTER),
            Map.entry("lo", 1 << Character.OTHER_LETTER),
            Map.entry("mn", 1 << Character.NON_SPACING_MARK),
            Map.entry("me", 1 << Character.ENCLOSING_MARK),
            Map.entry("mc", 1 << Character.COMBINING_SPACING_MARK),
            Map.entry("nd", 1 << Character.DECIMAL_DIGIT_NUMBER),
            Map.entry("nl", 1 << Character.LETTER_NUMBER),
            Map.entry("no", 1 << Character.OTHER_NUMBER),
            Map.entry("zs", 1 << Character.SPACE_SEPARATOR),
            Map.entry("zl", 1 << Character.LINE_SEPARATOR),
            Map.entry("zp", 1 << Character.PARAGRAPH_SEPARATOR),
            Map.entry("cc", 1 << Character.CONTROL),
            Map.entry("cf", 1 << Character.FORMAT),
            Map.entry("co", 1 << Character.PRIVATE_USE),
            Map.entry("cs", 1 << Character.SURROGATE),
            Map.entry("cn", 1 << Character.UNASSIGNED),
            Map.entry("pd", 1 << Character.DASH_PUNCTUATION),
            Map.entry("ps", 1 << Character.START_PUNCTUATION),
            Map.entry("pe", 1 << Character.END_PUNCTUATION),
            Map.entry("pc", 1 << Character.CONNECTOR_PUNCTUATION),
            Map.entry("po", 1 << Character.OTHER_PUNCTUATION),
            Map.entry("pi", 1 << Character.INITIAL_QUOTE_PUNCTUATION),
            Map.entry("pf", 1 << Character.FINAL_QUOTE_PUNCTUATION),
            Map.entry("sm", 1 << Character.MATH_SYMBOL),
            Map.entry("sc", 1 << Character.CURRENCY_SYMBOL),
            Map.entry("sk", 1 << Character.MODIFIER_SYMBOL),
            Map.entry("so", 1 << Character.OTHER_SYMBOL));

    private static final String LETTERS_NUMBERS = "ln";

    /** How many characters there are: bytes, or Unicode's code points. */
    private final int size;

    /** Whether types and POSIX classes go by Unicode's properties. */
    private final boolean unicode;

    CharProperties(boolean utf, boolean unicode) {
        this.size = utf ? Character.MAX_CODE_POINT + 1 : 256;
        this.unicode = unicode;
    }

    int size() {
        return size;
    }

    BitSet where(IntPredicate property) {
        BitSet set = new BitSet(size);
        for (int c = 0; c < size; c++) {
            if (property.test(c)) {
                set.set(c);
            }
        }
        return set;
    }

    BitSet not(BitSet set) {
        BitSet others = (BitSet) set.clone();
        others.flip(0, size);
        return others;
    }

    /** The set of {@code \d}, {@code \D} and the like; null for a letter that is no type of character. */
    @Nullable
    BitSet type(char letter) {
        IntPredicate property = switch (Ascii.lower(letter)) {
            case 'd' -> unicode ? Character::isDigit : Ascii::isDigit;
            case 's' -> unicode ? CharProperties::isUnicodeSpace : CharProperties::isSpace;
            case 'w' -> unicode ? CharProperties::isUnicodeWord : CharProperties::isWord;
            case 'h' -> CharProperties::isHorizontal;
            case 'v' -> CharProperties::isVertical;
            default -> null;
        };
        if (property == null) {
            return null;
        }
        return where(Ascii.lower(letter) == letter ? property : property.negate());
    }

    /** The set of {@code [:name:]}; null for a name that POSIX does not know. */
    @Nullable
    BitSet posix(String name, boolean caseless) {
        boolean folded = caseless && (name.equals("upper") || name.equals("lower"));
        IntPredicate property = unicode ? unicodePosix(name) : null;
        if (property == null) {
            property = posix(folded ? "alpha" : name);
        }
        return property == null ? null : where(property);
    }

    private static @Nullable IntPredicate posix(String name) {
        return switch (name) {
            case "alpha" -> Ascii::isLetter;
            case "lower" -> c -> c >= 'a' && c <= 'z';
            case "upper" -> c -> c >= 'A' && c <= 'Z';
            case "alnum" -> c -> Ascii.isLetter(c) || Ascii.isDigit(c);
            case "ascii" -> c -> c < 0x80;
            case "blank" -> c -> c == ' ' || c == '\t';
            case "cntrl" -> c -> c < ' ' || c == 0x7F;
            case "digit" -> Ascii::isDigit;
            case "graph" -> c -> c > ' ' && c < 0x7F;
            case "print" -> c -> c >= ' ' && c < 0x7F;
            case "punct" -> c -> c > ' ' && c < 0x7F && !Ascii.isLetter(c) && !Ascii.isDigit(c);
            case "space" -> CharProperties::isSpace;
            case "word" -> CharProperties::isWord;
            case "xdigit" -> c -> c < 0x80 && Ascii.hexDigit(c) >= 0;
            default -> null;
        };
    }

    private static @Nullable IntPredicate unicodePosix(String name) {
        return switch (name) {
            case "alpha" -> of("l");
            case "lower" -> of("ll");
            case "upper" -> of("lu");
            case "alnum" -> of(LETTERS_NUMBERS);
            case "blank" -> CharProperties::isHorizontal;
            case "cntrl" -> of("cc");
            case "digit" -> of("nd");
            case "space" -> CharProperties::isUnicodeSpace;
            case "word" -> CharProperties::isUnicodeWord;
            case "graph" -> c -> isGraph(c);
            case "print" -> c -> isGraph(c) || Character.getType(c) == Character.SPACE_SEPARATOR;
            case "punct" -> c -> has(c, "p") || (c < 0x80 && has(c, "s"));
            default -> null;
        };
    }

    /** The set of {@code \p{name}}, whose name is in small letters without fillers; null for an unknown one. */
    @Nullable
    BitSet property(String name) {
        IntPredicate property = switch (name) {
            case "any" -> c -> true;
            case "ascii" -> c -> c < 0x80;
            case "l&", "lc" -> c -> has(c, "lu") || has(c, "ll") || has(c, "lt");
            case "xan" -> of(LETTERS_NUMBERS);
            case "xwd" -> CharProperties::isUnicodeWord;
            case "xsp", "xps" -> CharProperties::isUnicodeSpace;
            case "xuc" -> c -> c == '$' || c == '@' || c == '`' || (c >= 0xA0 && !(c >= 0xD800 && c <= 0xDFFF));
            case "alpha", "alphabetic" -> Character::isAlphabetic;
            case "lower", "lowercase" -> Character::isLowerCase;
            case "upper", "uppercase" -> Character::isUpperCase;
            case "space", "whitespace", "wspace" -> CharProperties::isUnicodeSpace;
            case "ideo", "ideographic" -> Character::isIdeographic;
            case "emoji" -> Character::isEmoji;
            default -> of(name);
        };
        if (property == null) {
            property = script(name);
        }
        return property == null ? null : where(property);
    }

    private static @Nullable IntPredicate script(String name) {
        String script = name;
        int value = Math.max(name.indexOf('='), name.indexOf(':'));
        if (value >= 0) {
            String key = name.substring(0, value);
            if (!key.equals("script") && !key.equals("sc")) {
                return null;
            }
            script = name.substring(value + 1);
        }
        for (Character.UnicodeScript known : Character.UnicodeScript.values()) {
            if (known.name().replace("_", "").toLowerCase(Locale.ROOT).equals(script)) {
                return c -> Character.UnicodeScript.of(c) == known;
            }
        }
        return null;
    }

    private static @Nullable IntPredicate of(String category) {
        return mask(category) == 0 ? null : c -> has(c, category);
    }

    private static boolean has(int c, String category) {
        return (1 << Character.getType(c) & mask(category)) != 0;
    }

    private static int mask(String category) {
        if (category.equals(LETTERS_NUMBERS)) {
            return mask("l") | mask("n");
        }
        if (category.length() != 1) {
            return CATEGORIES.getOrDefault(category, 0);
        }
        int mask = 0;
        for (Map.Entry<String, Integer> entry : CATEGORIES.entrySet()) {
            if (entry.getKey().startsWith(category)) {
                mask |= entry.getValue();
            }
        }
        return mask;
    }

    private static boolean isGraph(int c) {
        return !has(c, "z") && !has(c, "cc") && !has(c, "cs") && !has(c, "cn");
    }

    private static boolean isSpace(int c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    static boolean isWord(int c) {
        return Ascii.isLetter(c) || Ascii.isDigit(c) || c == '_';
    }

    private static boolean isUnicodeSpace(int c) {
        return has(c, "z") || isHorizontal(c) || isVertical(c);
    }

    private static boolean isUnicodeWord(int c) {
        return c == '_' || has(c, LETTERS_NUMBERS);
    }

    private static boolean isHorizontal(int c) {
        return switch (c) {
            case '\t', ' ', 0xA0, 0x1680, 0x180E, 0x202F, 0x205F, 0x3000 -> true;
            default -> c >= 0x2000 && c <= 0x200A;
        };
    }

    private static boolean isVertical(int c) {
        return (c >= '\n' && c <= '\r') || c == 0x85 || c == 0x2028 || c == 0x2029;
    }
}
