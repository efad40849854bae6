package io.gatehouse.tls.ocsp;

import io.gatehouse.wire.tls.Certificates;
import io.gatehouse.wire.tls.VerifyResult;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.X509ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReqBuilder;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.bouncycastle.cert.ocsp.jcajce.JcaCertificateID;
import org.bouncycastle.cert.ocsp.jcajce.JcaRespID;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The messages of OCSP (RFC 6960), written, read and verified. From any thread; takes milliseconds, and many the first time, so it
 * has no place on a loop. Errors have the words and numbers of OpenSSL.
 */
public final class Ocsp {
    /** How far clocks may be apart; nginx says so as well. */
    private static final long SKEW = TimeUnit.MINUTES.toMillis(5);

    private static final String[] FAILURES = {
        "successful", "malformedrequest", "internalerror", "trylater", "(UNKNOWN)", "sigrequired", "unauthorized"
    };

    private Ocsp() {}

    /** The first responder that a certificate names (RFC 5280, 4.2.2.1), or null. */
    public static @Nullable String responder(X509Certificate certificate) {
        try {
            AuthorityInformationAccess access = AuthorityInformationAccess.fromExtensions(
                    new JcaX509CertificateHolder(certificate).getExtensions());
            if (access != null) {
                for (AccessDescription way : access.getAccessDescriptions()) {
                    GeneralName where = way.getAccessLocation();
                    if (X509ObjectIdentifiers.ocspAccessMethod.equals(way.getAccessMethod())
                            && where.getTagNo() == GeneralName.uniformResourceIdentifier) {
                        return where.getName().toString();
                    }
                }
            }
            return null;
        } catch (GeneralSecurityException | RuntimeException e) {
            return null; // What cannot be read names nobody.
        }
    }

    /** Whether this is a response in DER, whatever it says. */
    public static boolean isResponse(byte[] der) {
        try {
            int _ = new OCSPResp(der).getStatus();
            return true;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    /** A request about one certificate, in DER, unsigned and without a nonce as nginx's, so that an answer can be a ready one. */
    static byte[] request(Subject subject) {
        try {
            CertificateID id = new JcaCertificateID(
                    digests().get(CertificateID.HASH_SHA1),
                    subject.issuer(),
                    subject.certificate().getSerialNumber());
            return new OCSPReqBuilder().addRequest(id).build().getEncoded();
        } catch (OCSPException | OperatorCreationException | GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e); // SHA-1 is there, and the issuer was read.
        }
    }

    private static DigestCalculatorProvider digests() throws OperatorCreationException {
        return new JcaDigestCalculatorProviderBuilder().build();
    }

    /**
     * Reads a response.
     *
     * @param now milliseconds since 1970
     */
    static Verdict read(byte[] response, Subject subject, Trust trust, long now) throws UnusableResponse {
        try {
            BasicOCSPResp basic = basic(response);
            verify(basic, subject, trust);
            return find(basic, subject, now);
        } catch (OCSPException | OperatorCreationException | GeneralSecurityException | RuntimeException e) {
            throw new UnusableResponse("d2i_OCSP_RESPONSE() failed (SSL: " + e.getMessage() + ")");
        }
    }

    private static BasicOCSPResp basic(byte[] response) throws UnusableResponse, OCSPException {
        OCSPResp read;
        try {
            read = new OCSPResp(response);
        } catch (IOException e) {
            throw new UnusableResponse("d2i_OCSP_RESPONSE() failed (SSL: " + e.getMessage() + ")");
        }
        int status = read.getStatus();
        if (status != OCSPResp.SUCCESSFUL) {
            String word = status < FAILURES.length ? FAILURES[status] : "(UNKNOWN)";
            throw new UnusableResponse("OCSP response not successful (" + status + ": " + word + ")");
        }
        if (read.getResponseObject() instanceof BasicOCSPResp basic) {
            return basic;
        }
        throw new UnusableResponse(
                "OCSP_response_get1_basic() failed (SSL: error:13800068:OCSP routines::not basic response)");
    }

    // -- who has signed it

    private static void verify(BasicOCSPResp basic, Subject subject, Trust trust)
            throws UnusableResponse, OCSPException, OperatorCreationException, GeneralSecurityException {
        List<X509Certificate> brought = certificates(basic);
        X509Certificate signer = named(basic.getResponderId(), subject.chain());
        boolean ours = signer != null;
        if (signer == null) {
            brought.add(subject.issuer()); // OpenSSL does not look there, and most responses leave it out.
            signer = named(basic.getResponderId(), brought);
        }
        if (signer == null) {
            throw refused("76", "signer certificate not found");
        }
        if (!isSignedBy(basic, signer)) {
            throw refused("75", "signature failure");
        }
        if (!trust.anybody && !(ours && trust.chain)) {
            List<X509Certificate> all = new ArrayList<>();
            all.add(signer);
            all.addAll(brought);
            all.addAll(subject.chain());
            check(signer, all, subject, trust);
        }
    }

    private static boolean isSignedBy(BasicOCSPResp basic, X509Certificate signer) throws OperatorCreationException {
        try {
            return basic.isSignatureValid(new JcaContentVerifierProviderBuilder().build(signer.getPublicKey()));
        } catch (OCSPException e) {
            return false;
        }
    }

    private static List<X509Certificate> certificates(BasicOCSPResp basic) throws GeneralSecurityException {
        List<X509Certificate> found = new ArrayList<>();
        for (X509CertificateHolder holder : basic.getCerts()) {
            try {
                found.add(Certificates.ofDer(holder.getEncoded()));
            } catch (IOException e) {
                throw new IllegalStateException(e); // It was decoded from that.
            }
        }
        return found;
    }

    private static @Nullable X509Certificate named(RespID id, List<X509Certificate> among)
            throws OCSPException, OperatorCreationException {
        for (X509Certificate one : among) {
            if (id.equals(new JcaRespID(one.getSubjectX500Principal()))
                    || id.equals(new JcaRespID(one.getPublicKey(), digests().get(RespID.HASH_SHA1)))) {
                return one;
            }
        }
        return null;
    }

    private static void check(X509Certificate signer, List<X509Certificate> all, Subject subject, Trust trust)
            throws UnusableResponse, GeneralSecurityException {
        VerifyResult result = trust.verifier.verify(all);
        if (!result.isOk()) {
            throw refused("65", "certificate verify error:Verify error: " + result.reason());
        }
        X509Certificate issuer = subject.issuer();
        if (isSame(signer, issuer)) {
            return;
        }
        List<X509Certificate> way = trust.verifier.way(all);
        if (way.size() < 2 || !isSame(way.get(1), issuer)) {
            throw refused("70", "root ca not trusted");
        }
        List<String> purposes = signer.getExtendedKeyUsage();
        if (purposes == null || !purposes.contains(KeyPurposeId.id_kp_OCSPSigning.getId())) {
            throw refused("67", "missing ocspsigning usage");
        }
    }

    private static boolean isSame(X509Certificate one, X509Certificate other) {
        return one.getSubjectX500Principal().equals(other.getSubjectX500Principal())
                && one.getPublicKey().equals(other.getPublicKey());
    }

    private static UnusableResponse refused(String number, String reason) {
        return new UnusableResponse(
                "OCSP_basic_verify() failed (SSL: error:138000" + number + ":OCSP routines::" + reason + ")");
    }

    // -- what it says

    private static Verdict find(BasicOCSPResp basic, Subject subject, long now)
            throws UnusableResponse, OCSPException, OperatorCreationException, GeneralSecurityException {
        JcaX509CertificateHolder issuer = new JcaX509CertificateHolder(subject.issuer());
        for (SingleResp single : basic.getResponses()) {
            CertificateID id = single.getCertID();
            if (id.getSerialNumber().equals(subject.certificate().getSerialNumber())
                    && id.matchesIssuer(issuer, digests())) {
                return new Verdict(status(single.getCertStatus()), validity(single, now));
            }
        }
        throw new UnusableResponse("certificate status not found in the OCSP response");
    }

    private static Status status(@Nullable CertificateStatus status) {
        if (status == null) {
            return Status.GOOD; // CertificateStatus.GOOD is null.
        }
        return status instanceof RevokedStatus ? Status.REVOKED : Status.UNKNOWN;
    }

    private static long validity(SingleResp single, long now) throws UnusableResponse {
        Date next = single.getNextUpdate();
        if (single.getThisUpdate().getTime() > now + SKEW) {
            throw outOfDate("7E", "status not yet valid");
        }
        if (next == null) {
            return Verdict.FOREVER;
        }
        if (next.getTime() < now - SKEW) {
            throw outOfDate("7D", "status expired");
        }
        if (next.before(single.getThisUpdate())) {
            throw outOfDate("7C", "nextupdate before thisupdate");
        }
        return next.getTime();
    }

    private static UnusableResponse outOfDate(String number, String reason) {
        return new UnusableResponse(
                "OCSP_check_validity() failed (SSL: error:138000" + number + ":OCSP routines::" + reason + ")");
    }
}
