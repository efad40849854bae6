package io.gatehouse.module.ssl;

import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.config.syntax.Node;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.Template;
import io.gatehouse.module.ssl.CertificateDirectives.Said;
import io.gatehouse.module.ssl.SessionDirectives.Cache;
import io.gatehouse.tls.CertificateDates;
import io.gatehouse.tls.ClientVerify;
import io.gatehouse.tls.LoadException;
import io.gatehouse.tls.PemSource;
import io.gatehouse.tls.ServerTls;
import io.gatehouse.tls.SessionZone;
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
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes the TLS of one server from what is said of it. Used once, by the thread that builds. */
final class ServerTlsBuild {
    private final LocationBuild place;
    private final List<Said> certificates;
    private final List<Said> keys;
    private final List<TlsIdentity> identities = new ArrayList<>();
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
        if (certificates.isEmpty()) {
            return rejects || verify != ClientVerify.OFF ? bare(rejects, record, verify) : ServerTls.NONE;
        }
        if (keys.size() < certificates.size()) {
            Said last = certificates.get(certificates.size() - 1);
            throw ConfigException.at(
                    last.node(),
                    last.word(),
                    "no \"ssl_certificate_key\" is defined for certificate \""
                            + last.text().source() + "\"");
        }
        VariableCertificates variables = variables();
        if (variables == null) {
            load();
        }
        Cache cache = place.get(SessionDirectives.SSL_SESSION_CACHE);
        ServerTlsSettings.Clients clients = clients(verify);
        Choice choice = new Choice(place);
        List<byte[]> ticketKeys = place.findOr(SessionDirectives.SSL_SESSION_TICKET_KEY, List.of());
        SessionZone zone = cache.zone();
        ServerTlsSettings settings = new ServerTlsSettings(
                identities,
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
                        ticketKeys),
                clients);
        try {
            boolean keysOfZone = zone != null && ticketKeys.isEmpty() && choice.tickets();
            return ServerTls.of(settings, rejects, record, verify, variables, keysOfZone ? zone : null);
        } catch (TlsSettingsException e) {
            throw choice.error(e);
        }
    }

    private static ServerTls bare(boolean rejects, int record, ClientVerify verify) {
        try {
            return ServerTls.of(null, rejects, record, verify, null, null);
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

    /** Reads certificates and keys. Those with other keys than RSA come first: whoever can verify them is served faster. */
    private void load() {
        List<String> passwords = place.get(CertificateDirectives.SSL_PASSWORD_FILE);
        List<TlsIdentity> rsa = new ArrayList<>();
        for (int i = 0; i < certificates.size(); i++) {
            Said said = certificates.get(i);
            Said at = said;
            try {
                PemSource source = source(said);
                List<byte[]> chain = source.chain();
                X509Certificate own = source.own(chain);
                context.update(chain.get(0));
                at = keys.get(i);
                TlsIdentity identity = source(at).identity(chain, passwords);
                (own.getPublicKey().getAlgorithm().equals("RSA") ? rsa : identities).add(identity);
                checkDates(said, source, own);
            } catch (LoadException e) {
                throw ConfigException.at(at.node(), at.word(), e.message());
            }
        }
        identities.addAll(rsa);
    }

    static PemSource source(Said said) {
        return PemSource.of(Objects.requireNonNull(said.text().constant()), said.folder());
    }

    private void checkDates(Said said, PemSource source, X509Certificate own) {
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
        List<X509Certificate> known = new ArrayList<>();
        List<byte[]> told = new ArrayList<>();
        if (verify != ClientVerify.OFF) {
            if (verify != ClientVerify.OPTIONAL_NO_CA && named == null && trusted == null) {
                Node at = Objects.requireNonNull(use(ClientDirectives.SSL_VERIFY_CLIENT));
                throw ConfigException.at(
                        at, "no ssl_client_certificate or ssl_trusted_certificate for ssl_verify_client");
            }
            if (named != null) {
                for (X509Certificate certificate : certificates(named)) {
                    known.add(certificate);
                    told.add(der(certificate));
                    context.update(certificate.getSubjectX500Principal().getEncoded());
                }
            }
        }
        if (trusted != null) {
            known.addAll(certificates(trusted));
        }
        List<X509CRL> lists = lists();
        if (verify == ClientVerify.OFF) {
            return null;
        }
        int depth = place.get(ClientDirectives.SSL_VERIFY_DEPTH);
        return new ServerTlsSettings.Clients(told, new PeerVerifier(known, lists, depth, PeerVerifier.Purpose.CLIENT));
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

    private @Nullable Node use(io.gatehouse.config.directive.Directive<?> directive) {
        return use(place, directive);
    }

    /** Where the nearest level says it. */
    static @Nullable Node use(LocationBuild place, io.gatehouse.config.directive.Directive<?> directive) {
        for (io.gatehouse.config.directive.Scope s = place.scope(); s != null; s = s.parent()) {
            Node at = s.use(directive);
            if (at != null) {
                return at;
            }
        }
        return null;
    }

    /** An error at a word. */
    static ConfigException error(Node node, Word word, String message) {
        return ConfigException.at(node, word, message);
    }
}
