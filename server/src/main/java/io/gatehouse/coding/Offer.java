package io.gatehouse.coding;

import io.gatehouse.exchange.AttachmentKey;
import org.jspecify.annotations.Nullable;

/**
 * That a place compresses its answers with one coding.
 *
 * @param minLength answers known to be shorter are left as they are; bytes
 * @param buffers what may wait for the client
 * @param postpone bytes that must have come before anything is compressed, unless the answer ends or is flushed
 * @param rules which clients may have it beside what they accept; null for no rules
 * @param ratio where what came of it is noted
 */
public record Offer(
        Compression compression,
        MediaTypes types,
        long minLength,
        Buffers buffers,
        int postpone,
        @Nullable ClientRules rules,
        AttachmentKey<Ratio> ratio) {
    String coding() {
        return compression.coding();
    }

    /** Whether an answer of that type and length is meant; -1 for an unknown length. */
    boolean covers(@Nullable String type, long length) {
        return (length < 0 || length >= minLength) && types.contains(type);
    }
}
