package io.gatehouse.module.ssl;

import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Scope;
import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.config.syntax.Node;
import io.gatehouse.exchange.Template;
import io.gatehouse.module.ssl.CertificateDirectives.Said;
import io.gatehouse.module.ssl.SessionDirectives.Cache;
import io.gatehouse.tls.AutomaticCertificates;
import io.gatehouse.tls.CertificateDates;
import io.gatehouse.tls.ClientStatus;
import io.gatehouse.tls.ClientVerify;
import io.gatehouse.tls.LoadException;
import io.gatehouse.tls.PemSource;
import io.gatehouse.tls.ServerTls;
import io.gatehouse.tls.SessionZone;
import io.gatehouse.tls.StapledCertificates;
import io.gatehouse.tls.VariableCertificates;
import io.gatehouse.wire.SystemClock;
import io.gatehouse.wire.tls.PeerVerifier;
import io.gatehouse.wire.tls.ServerTlsSettings;
import io.gatehouse.wire.tls.TlsIdentity;
import io.gatehouse.wire.tls.TlsSettingsException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.jspecify.annotations.Nullable;

/** Makes the TLS of one server from what is said of it. Used once, by the thread that builds. */
final class ServerTlsBuild {
    private static final String RSA = "RSA";

    private final LocationBuild place;
    private final List<Said> certificates;
    private final List<Said> keys;
    /** The certificates that were read. RSA comes last: whoever can verify another kind is served faster. */
    private final List<Loaded> loaded = new ArrayList<>();
    /** Certificates of authorities, and lists of what they have revoked. */
    private final List<X509Certificate> known = new ArrayList<>();

    private List<X509CRL> lists = List.of();
    private final MessageDigest context = sha1();

    ServerTlsBuild(LocationBuild place) {
        this.place = place;
        this.certificates = place.findOr(CertificateDirectives.SSL_CERTIFICATE, List.of());
        this.keys = place.findOr(CertificateDirectives.SSL_CERTIFICATE_KEY, List.of());
    }

    private static MessageDigest sha1() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            digest.update("HTTP".getBytes(StandardCharsets.US_ASCII));
            return digest;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    ServerTls build() {
        boolean rejects = place.get(CertificateDirectives.SSL_REJECT_HANDSHAKE);
        ClientVerify verify = place.get(ClientDirectives.SSL_VERIFY_CLIENT);
        int record = place.get(ProtocolDirectives.SSL_BUFFER_SIZE);
        AutomaticCertificates automatic = place.settings(AutomaticCertificates.KEY);
        if (certificates.isEmpty() && automatic == null) {
            return rejects || verify != ClientVerify.OFF ? bare(rejects, record, verify) : ServerTls.NONE;
        }
        if (automatic == null && keys.size() < certificates.size()) {
            Said last = certificates.get(certificates.size() - 1);
            throw ConfigException.at(
                    last.node(),
                    last.word(),
                    "no \"ssl_certificate_key\" is defined for certificate \""
                            + last.text().source() + "\"");
        }
        Choice choice = new Choice(place);
        VariableCertificates variables = null;
        if (automatic != null) {
            automatic.names().forEach(name -> context.update(name.getBytes(StandardCharsets.ISO_8859_1)));
        } else {
            variables = variables();
            if (variables == null) {
                load(choice.replacement());
            }
        }
        Cache cache = place.get(SessionDirectives.SSL_SESSION_CACHE);
        ServerTlsSettings.Clients clients = clients(verify);
        List<byte[]> ticketKeys = place.findOr(SessionDirectives.SSL_SESSION_TICKET_KEY, List.of());
        SessionZone zone = cache.zone();
        ServerTlsSettings settings = new ServerTlsSettings(
                identities(),
                choice.versions(),
                choice.ciphers(),
                choice.prefersOwnCiphers(),
                choice.groups(),
                List.of(),
                new ServerTlsSettings.Sessions(
                        context.digest(),
                        place.get(SessionDirectives.SSL_SESSION_TIMEOUT),
                        cache.builtin(),
                        zone == null ? null : zone.store(),
                        choice.tickets(),
                        ticketKeys,
                        !choice.tickets() && (zone != null || cache.builtin() > 0)),
                place.get(CertificateDirectives.SSL_CERTIFICATE_COMPRESSION),
                clients);
        try {
            boolean keysOfZone = zone != null && ticketKeys.isEmpty();
            return ServerTls.of(settings, rejects, record, verify, variables, automatic, keysOfZone ? zone : null);
        } catch (TlsSettingsException e) {
            throw choice.error(e);
        }
    }

    private static ServerTls bare(boolean rejects, int record, ClientVerify verify) {
        try {
            return ServerTls.of(null, rejects, record, verify, null, null, null);
        } catch (TlsSettingsException e) {
            throw new IllegalStateException(e); // There is nothing to be wrong.
        }
    }

    private @Nullable VariableCertificates variables() {
        boolean any = false;
        for (int i = 0; i < certificates.size(); i++) {
            any |= certificates.get(i).hasVariables() || keys.get(i).hasVariables();
        }
        if (!any) {
            return null;
        }
        List<Template> names = new ArrayList<>();
        List<Template> ofKeys = new ArrayList<>();
        for (int i = 0; i < certificates.size(); i++) {
            names.add(certificates.get(i).text());
            ofKeys.add(keys.get(i).text());
            context.update(certificates.get(i).text().source().getBytes(StandardCharsets.ISO_8859_1));
        }
        return new VariableCertificates(
                names,
                ofKeys,
                certificates.get(0).folder(),
                place.get(CertificateDirectives.SSL_PASSWORD_FILE),
                place.get(CertificateDirectives.SSL_CERTIFICATE_CACHE).orElse(null));
    }

    /**
     * Reads certificates and keys.
     *
     * @param replacement a pair that takes the place of those of its kind, or null
     */
    private void load(@Nullable Pair replacement) {
        Map<String, Loaded> byKind = new LinkedHashMap<>();
        for (int i = 0; i < certificates.size(); i++) {
            Loaded read = load(certificates.get(i), keys.get(i));
            byKind.put(read.kind(), read); // As in OpenSSL, the last one of a kind counts.
        }
        if (replacement != null) {
            Loaded instead = load(replacement.certificate(), replacement.key());
            byKind.put(instead.kind(), instead);
        }
        Loaded rsa = byKind.remove(RSA);
        loaded.addAll(byKind.values());
        if (rsa != null) {
            loaded.add(rsa);
        }
    }

    /** Those of the context; none where each connection brings them along, with what responders say of them. */
    private List<TlsIdentity> identities() {
        if (!place.get(StaplingDirectives.SSL_STAPLING)) {
            return loaded.stream().map(Loaded::identity).toList();
        }
        byte[] response = place.find(StaplingDirectives.SSL_STAPLING_FILE);
        if (response != null) {
            return loaded.stream().map(one -> stapled(one.identity(), response)).toList();
        }
        Node at = use(StaplingDirectives.SSL_STAPLING);
        if (loaded.isEmpty()) {
            place.warn(
                    Objects.requireNonNull(at),
                    "\"ssl_stapling\" ignored, only certificates of files without variables have it");
            return List.of();
        }
        StapledCertificates stapled = new StaplingBuild(place, Objects.requireNonNull(at), known, lists)
                .build(loaded.stream().map(Loaded::withItsChain).toList());
        if (stapled == null) {
            return loaded.stream().map(Loaded::identity).toList();
        }
        place.settings(StapledCertificates.KEY, stapled);
        return List.of();
    }

    private static TlsIdentity stapled(TlsIdentity identity, byte[] response) {
        try {
            return identity.withOcspResponse(response);
        } catch (TlsSettingsException e) {
            throw ConfigException.of(String.valueOf(e.getMessage()));
        }
    }

    /** A certificate and its key, where they are said. */
    record Pair(Said certificate, Said key) {}

    /**
     * A pair that was read.
     *
     * @param kind of the key: {@link #RSA}, or what stands for another kind
     * @param own the first of the chain
     */
    private record Loaded(
            PemSource source, TlsIdentity identity, String kind, X509CertificateHolder own, List<byte[]> chain) {
        StaplingBuild.Own withItsChain() {
            try {
                return new StaplingBuild.Own(identity, source.name(), source.parsed(chain));
            } catch (LoadException e) {
                throw new IllegalStateException(e); // They were read before.
            }
        }
    }

    private Loaded load(Said certificate, Said key) {
        Said at = certificate;
        try {
            PemSource source = source(certificate);
            PemSource keySource = source(key);
            Inherited identity = place.get(CertificateDirectives.SSL_OBJECT_CACHE_INHERITABLE)
                    ? Inherited.of(source, keySource)
                    : null;
            Loaded kept = identity == null ? null : place.carriedIfThere(identity);
            if (kept == null) {
                List<byte[]> chain = source.chain();
                X509CertificateHolder own = source.own(chain);
                at = key;
                kept = new Loaded(
                        source,
                        keySource.identity(chain, place.get(CertificateDirectives.SSL_PASSWORD_FILE)),
                        kind(own),
                        own,
                        chain);
            }
            if (identity != null) {
                Loaded read = kept;
                kept = place.carried(identity, () -> read);
            }
            context.update(kept.chain().getFirst());
            checkDates(certificate, source, kept.own());
            return kept;
        } catch (LoadException e) {
            throw ConfigException.at(at.node(), at.word(), e.message());
        }
    }

    /** Of the key. */
    private static String kind(X509CertificateHolder certificate) {
        ASN1ObjectIdentifier algorithm =
                certificate.getSubjectPublicKeyInfo().getAlgorithm().getAlgorithm();
        return algorithm.equals(PKCSObjectIdentifiers.rsaEncryption) ? RSA : algorithm.getId();
    }

    static PemSource source(Said said) {
        return PemSource.of(Objects.requireNonNull(said.text().constant()), said.folder());
    }

    private void checkDates(Said said, PemSource source, X509CertificateHolder own) {
        String trouble = CertificateDates.trouble(source.name(), own, new SystemClock().wallMillis());
        if (trouble != null) {
            place.warn(said.node(), trouble);
            place.shared(CertificateDates.class, CertificateDates::new)
                    .add(trouble + said.node().at().suffix());
        }
    }

    private ServerTlsSettings.@Nullable Clients clients(ClientVerify verify) {
        Said named = place.find(ClientDirectives.SSL_CLIENT_CERTIFICATE);
        Said trusted = place.find(ClientDirectives.SSL_TRUSTED_CERTIFICATE);
        List<byte[]> told = new ArrayList<>();
        Set<X500Principal> subjects = new HashSet<>();
        if (verify != ClientVerify.OFF) {
            if (verify != ClientVerify.OPTIONAL_NO_CA && named == null && trusted == null) {
                Node at = Objects.requireNonNull(use(ClientDirectives.SSL_VERIFY_CLIENT));
                throw ConfigException.at(
                        at, "no ssl_client_certificate or ssl_trusted_certificate for ssl_verify_client");
            }
            if (named != null) {
                for (X509Certificate certificate : certificates(named)) {
                    known.add(certificate);
                    if (subjects.add(certificate.getSubjectX500Principal())) {
                        told.add(der(certificate));
                        context.update(certificate.getSubjectX500Principal().getEncoded());
                    }
                }
            }
        }
        if (trusted != null) {
            known.addAll(certificates(trusted));
        }
        lists = lists();
        boolean asks = place.get(OcspDirectives.SSL_OCSP) != OcspDirectives.Asked.NONE;
        if (asks && verify == ClientVerify.OPTIONAL_NO_CA) {
            throw ConfigException.at(
                    Objects.requireNonNull(use(OcspDirectives.SSL_OCSP)),
                    "\"ssl_ocsp\" is incompatible with \"ssl_verify_client optional_no_ca\"");
        }
        if (verify == ClientVerify.OFF) {
            return null;
        }
        int depth = place.get(ClientDirectives.SSL_VERIFY_DEPTH);
        PeerVerifier verifier = new PeerVerifier(known, lists, depth, PeerVerifier.Purpose.CLIENT);
        if (asks) {
            place.settings(ClientStatus.KEY, OcspBuild.build(place, verifier, known, lists));
        }
        return new ServerTlsSettings.Clients(told, verifier);
    }

    private static List<X509Certificate> certificates(Said said) {
        try {
            return source(said).certificates();
        } catch (LoadException e) {
            throw ConfigException.at(said.node(), said.word(), e.message());
        }
    }

    private static byte[] der(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e); // It was decoded from one.
        }
    }

    private List<X509CRL> lists() {
        Said said = place.find(ClientDirectives.SSL_CRL);
        if (said == null) {
            return List.of();
        }
        try {
            return source(said).lists();
        } catch (LoadException e) {
            throw ConfigException.at(said.node(), said.word(), e.message());
        }
    }

    /** Where the nearest level says it. */
    private @Nullable Node use(Directive<?> directive) {
        for (Scope s = place.scope(); s != null; s = s.parent()) {
            Node at = s.use(directive);
            if (at != null) {
                return at;
            }
        }
        return null;
    }
}
