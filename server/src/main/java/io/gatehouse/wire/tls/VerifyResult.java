package io.gatehouse.wire.tls;

/**
 * What came of verifying a peer's certificate, with the numbers and words of OpenSSL (x509_vfy.h), which people search for.
 *
 * @param code 0 if it is good
 * @param reason "ok", "certificate has expired" ...
 */
public record VerifyResult(int code, String reason) {
    public static final VerifyResult OK = new VerifyResult(0, "ok");
    static final VerifyResult UNSPECIFIED = new VerifyResult(1, "unspecified certificate verification error");
    static final VerifyResult NO_ISSUER = new VerifyResult(2, "unable to get issuer certificate");
    static final VerifyResult NO_CRL = new VerifyResult(3, "unable to get certificate CRL");
    static final VerifyResult BAD_SIGNATURE = new VerifyResult(7, "certificate signature failure");
    static final VerifyResult BAD_CRL_SIGNATURE = new VerifyResult(8, "CRL signature failure");
    static final VerifyResult NOT_YET_VALID = new VerifyResult(9, "certificate is not yet valid");
    static final VerifyResult EXPIRED = new VerifyResult(10, "certificate has expired");
    static final VerifyResult CRL_NOT_YET_VALID = new VerifyResult(11, "CRL is not yet valid");
    static final VerifyResult CRL_EXPIRED = new VerifyResult(12, "CRL has expired");
    static final VerifyResult SELF_SIGNED_LEAF = new VerifyResult(18, "self-signed certificate");
    static final VerifyResult SELF_SIGNED_IN_CHAIN =
            new VerifyResult(19, "self-signed certificate in certificate chain");
    static final VerifyResult NO_LOCAL_ISSUER = new VerifyResult(20, "unable to get local issuer certificate");
    static final VerifyResult NO_ISSUER_OF_LEAF = new VerifyResult(21, "unable to verify the first certificate");
    static final VerifyResult CHAIN_TOO_LONG = new VerifyResult(22, "certificate chain too long");
    static final VerifyResult REVOKED = new VerifyResult(23, "certificate revoked");
    static final VerifyResult INVALID_CA = new VerifyResult(79, "invalid CA certificate");
    static final VerifyResult PATH_LENGTH = new VerifyResult(25, "path length constraint exceeded");
    static final VerifyResult WRONG_PURPOSE = new VerifyResult(26, "unsuitable certificate purpose");
    static final VerifyResult NO_CERT_SIGN = new VerifyResult(32, "key usage does not include certificate signing");
    static final VerifyResult CRITICAL_EXTENSION = new VerifyResult(34, "unhandled critical extension");
    static final VerifyResult NAME_CONSTRAINT = new VerifyResult(47, "permitted subtree violation");
    static final VerifyResult WEAK = new VerifyResult(68, "CA signature digest algorithm too weak");

    public boolean isOk() {
        return code == 0;
    }

    /** Whether only the way to a trusted root is missing, which {@code ssl_verify_client optional_no_ca} accepts. */
    public boolean isUntrusted() {
        return code == 18 || code == 19 || code == 20 || code == 21 || code == 27;
    }
}
