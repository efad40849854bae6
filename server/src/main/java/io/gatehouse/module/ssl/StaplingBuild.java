package io.gatehouse.module.ssl;

import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.syntax.Node;
import io.gatehouse.tls.ocsp.Ocsp;
import io.gatehouse.tls.ocsp.ResponderUrl;
import io.gatehouse.tls.ocsp.Staple;
import io.gatehouse.tls.ocsp.StapledIdentities;
import io.gatehouse.tls.ocsp.Subject;
import io.gatehouse.tls.ocsp.Trust;
import io.gatehouse.wire.tls.Certificates;
import io.gatehouse.wire.tls.TlsIdentity;
import io.gatehouse.wire.tls.TlsLibrary;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds out who is to be asked about a server's certificates. Used once, by the thread that builds. */
final class StaplingBuild {
    private final LocationBuild place;
    private final Node at;
    private final List<X509Certificate> known;
    private final List<X509CRL> lists;
    private final boolean verify;
    private final @Nullable Responder responder;

    /** A certificate of the server. */
    record Own(TlsIdentity identity, String name, List<X509Certificate> chain) {}

    /**
     * What a response is about and who may give it: with the same of all that, the one that is there goes on after a reload.
     *
     * @param digest of it
     */
    private record Same(String digest) {}

    /**
     * @param at where stapling is said
     * @param known the certificates of authorities
     * @param lists of revoked certificates
     */
    StaplingBuild(LocationBuild place, Node at, List<X509Certificate> known, List<X509CRL> lists) {
        this.place = place;
        this.at = at;
        this.known = known;
        this.lists = lists;
        this.verify = place.get(StaplingDirectives.SSL_STAPLING_VERIFY);
        this.responder = place.find(StaplingDirectives.SSL_STAPLING_RESPONDER);
    }

    /** The certificates with their responders; null if there is nobody to ask about any of them, which is told. */
    @Nullable
    StapledIdentities build(List<Own> certificates) {
        if (!TlsLibrary.isNative()) {
            place.warn(at, "\"ssl_stapling\" ignored, not supported");
            return null;
        }
        List<StapledIdentities.Entry> entries = new ArrayList<>();
        boolean any = false;
        for (Own own : certificates) {
            Staple staple = staple(own);
            any |= staple != null;
            entries.add(new StapledIdentities.Entry(own.identity(), staple));
        }
        return any ? new StapledIdentities(entries) : null;
    }

    private @Nullable Staple staple(Own own) {
        X509Certificate certificate = own.chain().getFirst();
        List<X509Certificate> others = own.chain().subList(1, own.chain().size());
        X509Certificate issuer = issuer(certificate, others);
        if (issuer == null) {
            ignored("issuer certificate not found for certificate \"" + own.name() + "\"");
            return null;
        }
        String named = responder != null ? responder.url() : Ocsp.responder(certificate);
        if (named == null) {
            ignored("no OCSP responder URL in the certificate \"" + own.name() + "\"");
            return null;
        }
        try {
            ResponderUrl url = ResponderUrl.parse(named, true);
            Same same = new Same(digest(own.chain(), issuer, url));
            return place.carried(
                    same,
                    () -> new Staple(
                            new Subject(certificate, issuer, others),
                            own.name(),
                            url,
                            verify ? Trust.in(known, lists, true) : Trust.ANYBODY));
        } catch (ResponderUrl.Invalid e) {
            ignored(e.message() + " in the certificate \"" + own.name() + "\"");
            return null;
        }
    }

    private void ignored(String why) {
        place.warn(at, "\"ssl_stapling\" ignored, " + why);
    }

    private @Nullable X509Certificate issuer(X509Certificate of, List<X509Certificate> others) {
        X509Certificate found = Certificates.issuer(of, others);
        return found == null ? Certificates.issuer(of, known) : found;
    }

    private String digest(List<X509Certificate> chain, X509Certificate issuer, ResponderUrl url) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (X509Certificate certificate : chain) {
                digest.update(certificate.getEncoded());
            }
            digest.update(issuer.getEncoded());
            digest.update((url + " " + verify).getBytes(StandardCharsets.ISO_8859_1));
            if (verify) {
                for (X509Certificate certificate : known) {
                    digest.update(certificate.getEncoded());
                }
                for (X509CRL list : lists) {
                    digest.update(list.getEncoded());
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // They were decoded from that.
        }
    }
}
