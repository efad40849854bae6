package io.gatehouse.wire.tls;

import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXReason;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the certificate of a peer, as OpenSSL does and with its results: finds the way from it to a trusted root, then has
 * the JDK validate that way (RFC 5280, 6), then looks for each of its certificates in the revocation lists. Immutable.
 */
public final class PeerVerifier {
    /** What the certificate is to be good for (RFC 5280, 4.2.1.12). */
    public enum Purpose {
        CLIENT("1.3.6.1.5.5.7.3.2"),
        SERVER("1.3.6.1.5.5.7.3.1"),
        /** Whoever verifies looks for himself. */
        ANY(null);

        private final @Nullable String id;

        Purpose(@Nullable String id) {
            this.id = id;
        }
    }

    private static final String ANY_PURPOSE = "2.5.29.37.0";
    private static final int KEY_CERT_SIGN = 5;

    private final Map<X500Principal, List<X509Certificate>> trusted = new HashMap<>();
    private final Map<X500Principal, List<X509CRL>> lists = new HashMap<>();
    private final int depth;
    private final Purpose purpose;

    /**
     * @param trusted certificates of authorities
     * @param lists of revoked certificates; if there is any, each certificate on the way has to be covered by one
     * @param depth the most certificates between the peer's own and the root, the root included
     */
    public PeerVerifier(List<X509Certificate> trusted, List<X509CRL> lists, int depth, Purpose purpose) {
        for (X509Certificate certificate : trusted) {
            this.trusted
                    .computeIfAbsent(certificate.getSubjectX500Principal(), name -> new ArrayList<>())
                    .add(certificate);
        }
        for (X509CRL list : lists) {
            this.lists
                    .computeIfAbsent(list.getIssuerX500Principal(), name -> new ArrayList<>())
                    .add(list);
        }
        this.depth = depth;
        this.purpose = purpose;
    }

    /** Verifies what a peer has sent, its own certificate first. */
    VerifyResult verify(byte[][] chain) {
        try {
            return verify(CertificateFactory.getInstance("X.509"), Certificates.ofDers(Arrays.asList(chain)));
        } catch (GeneralSecurityException e) {
            return VerifyResult.UNSPECIFIED;
        }
    }

    /** As {@link #verify(byte[][])}, of certificates that were read. */
    public VerifyResult verify(List<X509Certificate> sent) {
        try {
            return verify(CertificateFactory.getInstance("X.509"), sent);
        } catch (GeneralSecurityException e) {
            return VerifyResult.UNSPECIFIED;
        }
    }

    private VerifyResult verify(CertificateFactory factory, List<X509Certificate> sent)
            throws GeneralSecurityException {
        List<X509Certificate> way = new ArrayList<>();
        VerifyResult found = find(sent, way);
        if (!found.isOk()) {
            return soundness(way, found);
        }
        if (!isFit(way.getFirst())) {
            return VerifyResult.WRONG_PURPOSE;
        }
        VerifyResult valid = validate(factory, way);
        return valid.isOk() && !lists.isEmpty() ? lookUp(way) : valid;
    }

    /**
     * What is wrong with certificates that lead to no trusted root, apart from that: as in OpenSSL, signatures and dates still
     * count, and the last thing that is found is told. One with an issuer that was not sent is not looked at.
     */
    private static VerifyResult soundness(List<X509Certificate> way, VerifyResult found) {
        int last = way.size() - 1;
        int first = last == 0 || isSelfIssued(way.get(last)) ? last : last - 1;
        VerifyResult result = found;
        for (int i = first; i >= 0; i--) {
            if (i < last && !Certificates.hasSigned(way.get(i + 1), way.get(i))) {
                result = VerifyResult.BAD_SIGNATURE;
            }
            VerifyResult dates = dates(way.get(i));
            if (!dates.isOk()) {
                result = dates;
            }
        }
        return result;
    }

    /**
     * The way from the first of these certificates to a trusted root, both included, which {@link #verify} validates; as far as
     * it can be found.
     */
    public List<X509Certificate> way(List<X509Certificate> sent) {
        List<X509Certificate> way = new ArrayList<>();
        VerifyResult _ = find(sent, way);
        return way;
    }

    private VerifyResult find(List<X509Certificate> sent, List<X509Certificate> way) {
        X509Certificate last = sent.getFirst();
        way.add(last);
        while (!isSelfIssued(last)) {
            X509Certificate issuer = issuer(last, trusted.getOrDefault(last.getIssuerX500Principal(), List.of()));
            if (issuer == null) {
                issuer = issuer(last, sent);
            }
            if (issuer == null || way.contains(issuer)) {
                return noIssuer(way);
            }
            way.add(issuer);
            last = issuer;
            if (way.size() > depth + 2) {
                return VerifyResult.CHAIN_TOO_LONG;
            }
        }
        if (!isTrusted(last)) {
            return way.size() == 1 ? VerifyResult.SELF_SIGNED_LEAF : VerifyResult.SELF_SIGNED_IN_CHAIN;
        }
        // The depth is of the certificates between the peer's own and the root.
        return way.size() > depth + 2 ? VerifyResult.CHAIN_TOO_LONG : VerifyResult.OK;
    }

    private VerifyResult noIssuer(List<X509Certificate> way) {
        if (way.size() == 1) {
            return VerifyResult.NO_ISSUER_OF_LEAF;
        }
        return isTrusted(way.getLast()) ? VerifyResult.NO_ISSUER : VerifyResult.NO_LOCAL_ISSUER;
    }

    private boolean isTrusted(X509Certificate certificate) {
        return trusted.getOrDefault(certificate.getSubjectX500Principal(), List.of())
                .contains(certificate);
    }

    private static boolean isSelfIssued(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    /** Of several with the name the one whose key has signed, or the first if none has: validation will say so. */
    private static @Nullable X509Certificate issuer(X509Certificate of, List<X509Certificate> among) {
        X509Certificate issuer = Certificates.issuer(of, among);
        if (issuer != null) {
            return issuer;
        }
        return among.stream()
                .filter(candidate -> Certificates.isNamedAsIssuer(candidate, of))
                .findFirst()
                .orElse(null);
    }

    private boolean isFit(X509Certificate certificate) throws CertificateException {
        List<String> purposes = certificate.getExtendedKeyUsage();
        return purpose.id == null
                || purposes == null
                || purposes.contains(purpose.id)
                || purposes.contains(ANY_PURPOSE);
    }

    private static VerifyResult validate(CertificateFactory factory, List<X509Certificate> way)
            throws GeneralSecurityException {
        X509Certificate root = way.getLast();
        VerifyResult dates = dates(root);
        if (!dates.isOk()) {
            return dates; // The JDK does not look at a root's.
        }
        if (way.size() == 1) {
            return Certificates.hasSigned(root, root) ? VerifyResult.OK : VerifyResult.BAD_SIGNATURE;
        }
        if (root.getVersion() >= 3 && root.getBasicConstraints() < 0) {
            return VerifyResult.INVALID_CA;
        }
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
        parameters.setRevocationEnabled(false);
        CertPath path = factory.generateCertPath(way.subList(0, way.size() - 1));
        try {
            CertPathValidator.getInstance("PKIX").validate(path, parameters);
            return VerifyResult.OK;
        } catch (CertPathValidatorException e) {
            return result(e);
        }
    }

    private static VerifyResult dates(X509Certificate certificate) {
        Date now = new Date();
        if (now.before(certificate.getNotBefore())) {
            return VerifyResult.NOT_YET_VALID;
        }
        return now.after(certificate.getNotAfter()) ? VerifyResult.EXPIRED : VerifyResult.OK;
    }

    private static VerifyResult result(CertPathValidatorException e) {
        return switch (e.getReason()) {
            case BasicReason basic ->
                switch (basic) {
                    case EXPIRED -> VerifyResult.EXPIRED;
                    case NOT_YET_VALID -> VerifyResult.NOT_YET_VALID;
                    case INVALID_SIGNATURE -> VerifyResult.BAD_SIGNATURE;
                    case ALGORITHM_CONSTRAINED -> VerifyResult.WEAK;
                    default -> VerifyResult.UNSPECIFIED;
                };
            case PKIXReason pkix ->
                switch (pkix) {
                    case NOT_CA_CERT -> VerifyResult.INVALID_CA;
                    case INVALID_KEY_USAGE -> VerifyResult.NO_CERT_SIGN;
                    case PATH_TOO_LONG -> VerifyResult.PATH_LENGTH;
                    case UNRECOGNIZED_CRIT_EXT -> VerifyResult.CRITICAL_EXTENSION;
                    case INVALID_NAME -> VerifyResult.NAME_CONSTRAINT;
                    default -> VerifyResult.UNSPECIFIED;
                };
            default -> VerifyResult.UNSPECIFIED;
        };
    }

    /** Of several things that are wrong the last one counts, which is the one nearest to the root. */
    private VerifyResult lookUp(List<X509Certificate> way) {
        VerifyResult last = VerifyResult.OK;
        for (int i = 0; i < way.size(); i++) {
            X509Certificate issuer = way.get(Math.min(i + 1, way.size() - 1));
            VerifyResult result = lookUp(way.get(i), issuer);
            last = result.isOk() ? last : result;
        }
        return last;
    }

    private VerifyResult lookUp(X509Certificate certificate, X509Certificate issuer) {
        VerifyResult result = VerifyResult.NO_CRL;
        for (X509CRL list : lists.getOrDefault(certificate.getIssuerX500Principal(), List.of())) {
            result = lookUp(list, certificate, issuer);
            if (result.isOk() || result.equals(VerifyResult.REVOKED)) {
                return result;
            }
        }
        return result;
    }

    private static VerifyResult lookUp(X509CRL list, X509Certificate certificate, X509Certificate issuer) {
        boolean[] usage = issuer.getKeyUsage();
        if (usage != null && usage.length > KEY_CERT_SIGN + 1 && !usage[KEY_CERT_SIGN + 1]) {
            return VerifyResult.BAD_CRL_SIGNATURE;
        }
        try {
            list.verify(issuer.getPublicKey());
        } catch (GeneralSecurityException e) {
            return VerifyResult.BAD_CRL_SIGNATURE;
        }
        Date now = new Date();
        if (now.before(list.getThisUpdate())) {
            return VerifyResult.CRL_NOT_YET_VALID;
        }
        if (list.getNextUpdate() != null && now.after(list.getNextUpdate())) {
            return VerifyResult.CRL_EXPIRED;
        }
        return list.isRevoked(certificate) ? VerifyResult.REVOKED : VerifyResult.OK;
    }
}
