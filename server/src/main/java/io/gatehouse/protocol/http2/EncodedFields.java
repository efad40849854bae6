package io.gatehouse.protocol.http2;

import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Fields that come again and again, as they stand in a block: a field that is in no table (RFC 7541, 2.3.2) is always encoded the
 * same, and Huffman's code is the larger part of the work for an answer's head. What is seen twice in a row at its place is kept
 * until something else is; so much and no more. Of one loop.
 */
final class EncodedFields {
    private static final int SLOTS = 256;
    private static final int LONGEST_VALUE = 512;
    /** How much of the end of a value decides on its place. */
    private static final int SAMPLE = 16;

    private static final class Slot {
        private int missed;
        private AsciiString name = AsciiString.EMPTY_STRING;
        private byte[] value = {};
        private byte[] encoded = {};
    }

    private final Slot[] slots = new Slot[SLOTS];
    /** Whose field is worth keeping once it is encoded. */
    private @Nullable Slot awaiting;

    EncodedFields() {
        Arrays.setAll(slots, _ -> new Slot());
    }

    /**
     * The field as it stands in a block, or null if that is not known.
     *
     * @param name in lower case
     */
    byte @Nullable [] find(AsciiString name, byte[] b, int start, int end) {
        awaiting = null;
        int length = end - start;
        if (length > LONGEST_VALUE) {
            return null;
        }
        int hash = name.hashCode() * 31 + length;
        for (int p = Math.max(start, end - SAMPLE); p < end; p++) {
            hash = hash * 31 + b[p];
        }
        Slot slot = slots[(hash ^ hash >>> 8 ^ hash >>> 16) & SLOTS - 1];
        if (slot.name.equals(name) && Arrays.equals(slot.value, 0, slot.value.length, b, start, end)) {
            return slot.encoded;
        }
        if (slot.missed == hash) {
            awaiting = slot;
        }
        slot.missed = hash;
        return null;
    }

    /** What was not found has been encoded: the end of {@code block} from {@code from} on. */
    void learn(AsciiString name, byte[] b, int start, int end, ByteBuf block, int from) {
        Slot slot = awaiting;
        if (slot != null) {
            slot.name = name;
            slot.value = Arrays.copyOfRange(b, start, end);
            slot.encoded = new byte[block.writerIndex() - from];
            block.getBytes(from, slot.encoded);
        }
    }
}
