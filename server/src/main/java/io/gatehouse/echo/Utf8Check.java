package io.gatehouse.echo;

/** Checks that bytes that come in pieces are UTF-8 (RFC 3629, section 4), and fails at the first that cannot be. */
final class Utf8Check {
    /** Bytes that must follow in the sequence begun, and the range in which the next must be. */
    private int missing;

    private int low = 0x80;
    private int high = 0xbf;

    /** Whether the text is valid so far. */
    boolean accepts(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            int b = bytes[i] & 0xff;
            if (missing > 0) {
                if (b < low || b > high) {
                    return false;
                }
                missing--;
                low = 0x80;
                high = 0xbf;
            } else if (b >= 0x80 && !begins(b)) {
                return false;
            }
        }
        return true;
    }

    private boolean begins(int b) {
        if (b < 0xc2 || b > 0xf4) {
            return false;
        }
        missing = b < 0xe0 ? 1 : b < 0xf0 ? 2 : 3;
        switch (b) {
            case 0xe0 -> low = 0xa0; // else longer than needed
            case 0xed -> high = 0x9f; // else a surrogate
            case 0xf0 -> low = 0x90; // else longer than needed
            case 0xf4 -> high = 0x8f; // else beyond U+10FFFF
            default -> {}
        }
        return true;
    }

    /** Whether no sequence is left open. */
    boolean isComplete() {
        return missing == 0;
    }
}
