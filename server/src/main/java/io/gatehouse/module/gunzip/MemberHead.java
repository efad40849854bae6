package io.gatehouse.module.gunzip;

import io.gatehouse.coding.CodingException;
import java.nio.ByteBuffer;

/** Reads what stands before the data of a gzip member, in as many pieces as it comes in (RFC 1952, 2.3). */
final class MemberHead {
    private static final int FIXED = 10;
    private static final int CHECK = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xe0;
    private static final int MAGIC_1 = 0x1f;
    private static final int MAGIC_2 = 0x8b;
    private static final int DEFLATE = 8;

    /** Bytes of the fixed part read so far. */
    private int at;

    /** The optional parts that are still to come. */
    private int flags;
    /** Bytes of the extra field that are still to come; less than nothing while its length is. */
    private int extra = -2;

    private int check;

    /** Whether nothing of it was read. */
    boolean isFresh() {
        return at == 0;
    }

    void reset() {
        at = 0;
        flags = 0;
        extra = -2;
        check = 0;
    }

    /** Whether the head is complete; takes as much of {@code in} as belongs to it. */
    boolean read(ByteBuffer in) throws CodingException {
        while (at < FIXED || flags != 0) {
            if (!in.hasRemaining()) {
                return false;
            }
            int b = in.get() & 0xff;
            if (at < FIXED) {
                fixed(b);
            } else {
                optional(b);
            }
        }
        return true;
    }

    private void fixed(int b) throws CodingException {
        boolean wrong = switch (at) {
            case 0 -> b != MAGIC_1;
            case 1 -> b != MAGIC_2;
            case 2 -> b != DEFLATE;
            case 3 -> (b & RESERVED) != 0;
            default -> false;
        };
        if (wrong) {
            throw new CodingException("inflate() failed: 0, -3 (incorrect header check)");
        }
        if (at == 3) {
            flags = b & (CHECK | EXTRA | NAME | COMMENT);
        }
        at++;
    }

    /** In the order of the format: extra field, name, comment, check sum of the head. */
    private void optional(int b) {
        if ((flags & EXTRA) != 0) {
            if (extra == -2) {
                extra = -1;
                check = b;
            } else if (extra == -1) {
                extra = check | b << 8;
            } else {
                extra--;
            }
            if (extra == 0) {
                flags &= ~EXTRA;
                check = 0;
            }
        } else if ((flags & NAME) != 0) {
            flags &= b == 0 ? ~NAME : ~0;
        } else if ((flags & COMMENT) != 0) {
            flags &= b == 0 ? ~COMMENT : ~0;
        } else if (++check == 2) {
            flags &= ~CHECK;
        }
    }
}
