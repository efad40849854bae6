package io.gatehouse.text;

/** Reads the name of a group. */
final class PcreName {
    private static final int LONGEST = 32;

    private PcreName() {}

    /** The name after the character at hand; its terminator is read too. */
    static String read(PcreText in, char terminator) {
        in.at++;
        if (!in.more()) {
            throw in.wrong("subpattern name expected");
        }
        if (Ascii.isDigit(in.peek())) {
            throw in.wrong("subpattern name must start with a non-digit");
        }
        int start = in.at;
        while (in.more() && isNameOctet(in, in.peek())) {
            in.at++;
        }
        if (in.at - start > LONGEST) {
            throw in.wrong("subpattern name is too long (maximum " + LONGEST + " code units)");
        }
        if (in.at == start) {
            throw in.wrong("subpattern name expected");
        }
        if (in.peek() != terminator) {
            throw in.wrong("syntax error in subpattern name (missing terminator?)");
        }
        return in.text.substring(start, in.at++);
    }

    private static boolean isNameOctet(PcreText in, int octet) {
        return CharProperties.isWord(octet) || (in.utf && octet >= 0x80);
    }
}
