package io.gatehouse.tls.acme;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An attempt has failed. */
final class AcmeFailure extends Exception {
    private static final long serialVersionUID = 1;

    /** Who has to do something about it, and what it costs. */
    enum Kind {
        /** The authority was asked to look at a name, and what it found did not please it. */
        PROOF,
        /** The authority says that it was asked too often. */
        LIMIT,
        /** Anything else: it cannot be reached, it refuses the account, the disk is full. */
        OTHER
    }

    private final Kind kind;
    private final String meaning;
    private final @Nullable Duration retryAfter;

    AcmeFailure(Kind kind, String words, String meaning, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        super(plain(words), cause);
        this.kind = kind;
        this.meaning = plain(meaning);
        this.retryAfter = retryAfter;
    }

    /** What others said may be sent to a terminal, or stand in a line of a log. */
    private static String plain(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ");
    }

    AcmeFailure(String words, String meaning) {
        this(Kind.OTHER, words, meaning, null, null);
    }

    Kind kind() {
        return kind;
    }

    /** What was said. */
    String words() {
        return String.valueOf(getMessage());
    }

    /** What it means and what to do; empty if there is nothing to add. */
    String meaning() {
        return meaning;
    }

    /** How long the authority wants not to be asked; null if it did not say. */
    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }
}
