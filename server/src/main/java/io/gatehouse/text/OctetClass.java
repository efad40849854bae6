package io.gatehouse.text;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Writes sets of characters as java.util.regex understands them, for subjects that are octet strings. */
final class OctetClass {
    private static final String ALL = "(?s:.)";
    private static final String NONE = "[^\\x00-\\x{10ffff}]";

    private OctetClass() {}

    /** A pattern for one octet of the set. */
    static String of(BitSet octets) {
        int count = octets.cardinality();
        if (count == 256) {
            return ALL;
        }
        if (count == 0) {
            return NONE;
        }
        if (count == 1) {
            return literal(octets.nextSetBit(0));
        }
        BitSet others = (BitSet) octets.clone();
        others.flip(0, 256);
        return runs(others) < runs(octets) ? "[^" + members(others) + "]" : "[" + members(octets) + "]";
    }

    /** One octet that stands for itself. */
    static String literal(int octet) {
        if (Ascii.isLetter(octet) || Ascii.isDigit(octet) || octet == '/' || octet == '_') {
            return String.valueOf((char) octet);
        }
        if (octet > ' ' && octet < 0x7F) {
            return "\\" + (char) octet;
        }
        return hex(octet);
    }

    private static String hex(int octet) {
        return String.format("\\x%02x", octet);
    }

    private static int runs(BitSet octets) {
        int runs = 0;
        for (int first = octets.nextSetBit(0); first >= 0; first = octets.nextSetBit(octets.nextClearBit(first))) {
            runs++;
        }
        return runs;
    }

    /** Each octet by itself when there are many runs: java.util.regex then looks them up in a table. */
    private static String members(BitSet octets) {
        boolean table = runs(octets) > 2;
        StringBuilder text = new StringBuilder();
        for (int first = octets.nextSetBit(0); first >= 0; ) {
            int end = octets.nextClearBit(first);
            if (table || end - first < 3) {
                for (int c = first; c < end; c++) {
                    text.append(hex(c));
                }
            } else {
                text.append(hex(first)).append('-').append(hex(end - 1));
            }
            first = octets.nextSetBit(end);
        }
        return text.toString();
    }

    /** A pattern for the UTF-8 bytes of one code point of the set. */
    static String utf8(BitSet points) {
        BitSet proper = (BitSet) points.clone();
        proper.clear(Character.MIN_SURROGATE, Character.MAX_SURROGATE + 1);
        List<String> sequences = new ArrayList<>();
        BitSet single = proper.get(0, 0x80);
        if (!single.isEmpty()) {
            sequences.add(of(single));
        }
        for (int first = proper.nextSetBit(0x80); first >= 0; ) {
            int end = proper.nextClearBit(first);
            addSequences(first, end - 1, sequences);
            first = proper.nextSetBit(end);
        }
        if (sequences.isEmpty()) {
            return NONE;
        }
        boolean alone = sequences.size() == 1 && !single.isEmpty();
        return alone ? sequences.getFirst() : "(?:" + String.join("|", sequences) + ")";
    }

    /** Splits a range where the UTF-8 forms of its points stop being one range in every byte. */
    private static void addSequences(int low, int high, List<String> sequences) {
        for (int last : new int[] {0x7FF, 0xFFFF}) {
            if (low <= last && last < high) {
                addSequences(low, last, sequences);
                addSequences(last + 1, high, sequences);
                return;
            }
        }
        for (int bits = 6; bits <= 18; bits += 6) {
            int mask = (1 << bits) - 1;
            if ((low & ~mask) == (high & ~mask)) {
                continue;
            }
            if ((low & mask) != 0) {
                addSequences(low, low | mask, sequences);
                addSequences((low | mask) + 1, high, sequences);
                return;
            }
            if ((high & mask) != mask) {
                addSequences(low, (high & ~mask) - 1, sequences);
                addSequences(high & ~mask, high, sequences);
                return;
            }
        }
        int more = low < 0x800 ? 1 : low < 0x10000 ? 2 : 3;
        int lead = 0xFF << (7 - more) & 0xFF;
        StringBuilder text = new StringBuilder();
        for (int i = more; i >= 0; i--) {
            int prefix = i == more ? lead : 0x80;
            BitSet octets = new BitSet();
            octets.set(prefix | low >> 6 * i & 0x3F, (prefix | high >> 6 * i & 0x3F) + 1);
            text.append(of(octets));
        }
        sequences.add(text.toString());
    }
}
