package io.gatehouse.cli.trust;

/**
 * What came of one store.
 *
 * @param store which one, for people, with its path
 * @param more what else there is to say: a certificate, or why nothing was done and the command that does it; empty for nothing
 */
public record Outcome(Kind kind, String store, String more) {
    /** What was done. */
    public enum Kind {
        ADDED("added to"),
        /** It was there already. */
        KEPT("already in"),
        REMOVED("removed from"),
        /** Nothing of ours was there. */
        ABSENT("not in"),
        FAILED("not done");

        /** As it stands before the store. */
        public final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    public boolean isFailure() {
        return kind == Kind.FAILED;
    }
}
