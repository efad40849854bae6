package io.gatehouse.tls.ocsp;

/**
 * What a response says of the certificate that was asked about, once it has been verified.
 *
 * @param validUntil milliseconds since 1970; {@link #FOREVER} if the responder does not say
 */
record Verdict(Status status, long validUntil) {
    static final long FOREVER = Long.MAX_VALUE;
}
