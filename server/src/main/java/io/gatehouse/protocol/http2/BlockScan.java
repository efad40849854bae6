package io.gatehouse.protocol.http2;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Walks over a header block (RFC 7541, section 6) before it is decoded, as its bytes come: from one representation to the next,
 * without a look at what the strings say. What is too large or cut off is found out without being kept.
 */
final class BlockScan {
    /** Bytes of a number; more could only be zeros or a number far beyond every limit. As in nginx. */
    private static final int MAX_NUMBER = 4;

    private static final int REPRESENTATION = 0;
    private static final int INDEX = 1;
    private static final int STRING = 2;
    private static final int STRING_LENGTH = 3;
    private static final int STRING_BYTES = 4;

    private int maxString;
    private int state;
    /** Strings that the representation still has. */
    private int strings;

    private boolean sizeUpdate;
    private boolean nameIndexed;
    private int number;
    private int shift;
    private int octets;
    private int skip;

    private int code;
    private @Nullable String offence;

    /** @param longest bytes of the longest string, as encoded */
    void begin(int longest) {
        maxString = longest;
        state = REPRESENTATION;
        skip = 0;
        code = ErrorCode.NO_ERROR;
        offence = null;
    }

    /** The connection error that was found; {@link ErrorCode#NO_ERROR} for none. */
    int code() {
        return code;
    }

    /** What it is, for the error log. */
    String offence() {
        return offence == null ? "" : offence;
    }

    /** Whether the block ends here in order. */
    boolean isAtEnd() {
        if (state == REPRESENTATION) {
            return true;
        }
        String what = state == STRING_BYTES ? "header field" : "header block";
        return wrong(ErrorCode.FRAME_SIZE_ERROR, "client sent " + what + " with incorrect length");
    }

    /** Looks at {@code count} bytes behind the reader index, which stays. Returns false if something is wrong. */
    boolean look(ByteBuf in, int count) {
        int p = in.readerIndex();
        int end = p + count;
        while (p < end) {
            if (state == STRING_BYTES) {
                int passed = Math.min(skip, end - p);
                skip -= passed;
                p += passed;
                if (skip == 0) {
                    stringEnded();
                }
            } else if (!octet(in.getByte(p++) & 255)) {
                return false;
            }
        }
        return true;
    }

    private boolean octet(int octet) {
        switch (state) {
            case REPRESENTATION -> {
                return representation(octet);
            }
            case STRING -> {
                return number(octet & 127, 127) ? stringLength() : goOn(STRING_LENGTH);
            }
            default -> {
                return moreOfNumber(octet);
            }
        }
    }

    private boolean representation(int octet) {
        int mask;
        strings = 0;
        sizeUpdate = false;
        if (octet >= 128) {
            mask = 127;
        } else if (octet >= 64) {
            mask = 63;
            strings = 1;
        } else if (octet >= 32) {
            mask = 31;
            sizeUpdate = true;
        } else {
            mask = 15;
            strings = 1;
        }
        nameIndexed = strings == 1;
        return number(octet & mask, mask) ? indexRead() : goOn(INDEX);
    }

    private boolean goOn(int next) {
        state = next;
        return true;
    }

    /** Begins a number; whether it is complete. */
    private boolean number(int value, int mask) {
        number = value;
        shift = 0;
        octets = 1;
        return value != mask;
    }

    private boolean moreOfNumber(int octet) {
        octets++;
        number += (octet & 127) << shift;
        shift += 7;
        if (octet < 128) {
            return state == INDEX ? indexRead() : stringLength();
        }
        if (octets < MAX_NUMBER) {
            return true;
        }
        if (state == INDEX) {
            String what = sizeUpdate ? "size update" : "header index";
            return wrong(ErrorCode.COMPRESSION_ERROR, "client sent header block with too long " + what + " value");
        }
        return wrong(ErrorCode.COMPRESSION_ERROR, "client sent header field with too long length value");
    }

    private boolean indexRead() {
        if (nameIndexed && number == 0) {
            strings = 2;
        }
        return goOn(strings == 0 ? REPRESENTATION : STRING);
    }

    private boolean stringLength() {
        if (number > maxString) {
            return wrong(ErrorCode.ENHANCE_YOUR_CALM, "client sent too large header field");
        }
        skip = number;
        state = STRING_BYTES;
        if (skip == 0) {
            stringEnded();
        }
        return true;
    }

    private void stringEnded() {
        strings--;
        state = strings == 0 ? REPRESENTATION : STRING;
    }

    private boolean wrong(int error, String message) {
        code = error;
        offence = message;
        return false;
    }
}
