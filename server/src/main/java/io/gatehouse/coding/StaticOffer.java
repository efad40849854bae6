package io.gatehouse.coding;

import org.jspecify.annotations.Nullable;

/**
 * That a place answers with a file that is compressed already, if one lies beside the one that is asked for.
 *
 * @param coding its name in Content-Encoding
 * @param suffix what the file's name has more: ".gz"
 * @param rules which clients may have it beside what they accept; null for no rules
 */
public record StaticOffer(
        String coding, String suffix, When when, @Nullable ClientRules rules) {
    /** {@code gzip_static} and its like. */
    public enum When {
        OFF,
        /** For clients that accept it. */
        ON,
        /** For every client. */
        ALWAYS,
    }
}
