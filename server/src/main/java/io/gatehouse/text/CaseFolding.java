package io.gatehouse.text;

import java.util.BitSet;

/** Which characters are the same when case does not count: ASCII's letters, and in UTF mode all of Unicode's. */
final class CaseFolding {
    private CaseFolding() {}

    /** Adds the characters that are the same as this one but for their case. */
    static void addOthers(int c, BitSet set, CharProperties properties) {
        if (c < 0x80 && Ascii.isLetter(c)) {
            set.set(c ^ 0x20);
        }
        if (properties.size() <= 256) {
            return;
        }
        int folded = Character.toLowerCase(Character.toUpperCase(c));
        set.set(folded);
        set.set(Character.toUpperCase(folded));
        set.set(Character.toTitleCase(folded));
        // The letters outside ASCII whose other case is one of several.
        switch (folded) {
            case 'k' -> set.set(0x212A);
            case 's' -> set.set(0x17F);
            case 0xE5 -> set.set(0x212B);
            case 0x3C9 -> set.set(0x2126);
            case 0x3C3 -> set.set(0x3C2);
            case 0x3BC -> set.set(0xB5);
            default -> {}
        }
        set.set(c);
    }
}
