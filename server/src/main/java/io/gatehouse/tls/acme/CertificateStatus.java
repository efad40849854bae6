package io.gatehouse.tls.acme;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How it stands with a certificate, for people. Immutable.
 *
 * @param phase what is being done about it
 * @param issuer the name of the authority that the certificate at hand is of, or that is asked for the first one
 * @param awaitedSince since when the first one is awaited; null if there is one, or if nobody serves with it yet
 * @param validUntil when the one at hand ends; null if there is none
 * @param nextAttempt when a new one is asked for the next time; null if that is being done
 * @param lastFailure why the last attempt failed; null if it did not
 */
public record CertificateStatus(
        Phase phase,
        String issuer,
        @Nullable Instant awaitedSince,
        @Nullable Instant validUntil,
        @Nullable Instant nextAttempt,
        @Nullable Failure lastFailure) {

    /** What is being done. */
    public enum Phase {
        /** Nothing: no configuration that serves wants it. */
        AT_REST,
        /** Nothing: the one at hand is good, or a failure has to cool down. */
        WAITING,
        /** Another process that has the same folder is at it. */
        ELSEWHERE,
        /** The authority is asked. */
        ORDERING,
        /** The authority looks whether the names are ours. */
        PROVING,
        /** The authority makes the certificate. */
        FINISHING
    }
}
