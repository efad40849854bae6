package io.gatehouse.tls.ocsp;

/** What a responder can say of a certificate (RFC 6960, 2.2). */
enum Status {
    GOOD("good"),
    REVOKED("revoked"),
    UNKNOWN("unknown");

    /** OpenSSL's word. */
    final String word;

    Status(String word) {
        this.word = word;
    }
}
