package io.gatehouse.module.ssl;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.directive.Arguments;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Standing;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Node;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.wire.tls.TlsVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What is agreed on in a handshake: versions, ciphers, groups. */
final class ProtocolDirectives {
    /** A text and where it stands. */
    record Said(Node node, Word word) {
        String text() {
            return word.text();
        }

        static Said of(Use use) {
            return new Said(use.node(), use.arguments().get(0));
        }
    }

    /** One {@code ssl_conf_command}. */
    record Command(Node node, Word name, Word value) {}

    static final Directive<Set<TlsVersion>> SSL_PROTOCOLS = directive("ssl_protocols")
            .in(HTTP, SERVER)
            .takes(Arity.AT_LEAST_ONE, ProtocolDirectives::protocols)
            .again()
            .byDefault(EnumSet.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3), "TLSv1.2 TLSv1.3")
            .syntax("[SSLv2] [SSLv3] [TLSv1] [TLSv1.1] [TLSv1.2] [TLSv1.3]")
            .says("Sets the versions of TLS that are spoken. SSLv2 and SSLv3 are accepted and never spoken.")
            .example("ssl_protocols TLSv1.2 TLSv1.3;");

    static final Directive<Said> SSL_CIPHERS = directive("ssl_ciphers")
            .in(HTTP, SERVER)
            .takes(ProtocolDirectives::ciphers)
            .syntax("ciphers")
            .standing(
                    Standing.EXTENDED,
                    "Of the ciphers named, BoringSSL has those with ECDHE, and RSA key exchange with AES; what it lacks"
                            + " (DHE, Camellia, CCM ...) is passed over, as OpenSSL passes over what it does not know."
                            + " Equal preference, [A|B], can be written. The ciphers of TLS 1.3 cannot be chosen.")
            .says("Sets the ciphers for TLS 1.2 and older, in OpenSSL's grammar; HIGH:!aNULL:!MD5 by default.")
            .example("ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256;");

    static final Directive<Boolean> SSL_PREFER_SERVER_CIPHERS = directive("ssl_prefer_server_ciphers")
            .in(HTTP, SERVER)
            .takes(Arguments.FLAG)
            .byDefault(false, "off")
            .syntax("on | off")
            .says("Sets whether the order of ssl_ciphers counts, and not the client's.")
            .example("ssl_prefer_server_ciphers off;");

    static final Directive<Said> SSL_ECDH_CURVE = directive("ssl_ecdh_curve")
            .in(HTTP, SERVER)
            .takes(Said::of)
            .syntax("curves")
            .standing(
                    Standing.EXTENDED,
                    "\"auto\" is X25519MLKEM768:X25519:prime256v1:secp384r1. Groups that OpenSSL has and BoringSSL has"
                            + " not (X448, ffdhe2048 ...) are passed over with a notice, as long as others are left.")
            .says("Sets the groups in which keys are exchanged, the most wanted first, separated by colons.")
            .example("ssl_ecdh_curve X25519:prime256v1;");

    static final Directive<Boolean> SSL_DHPARAM = directive("ssl_dhparam")
            .in(HTTP, SERVER)
            .takes(ProtocolDirectives::dhparam)
            .syntax("file")
            .standing(
                    Standing.WITHOUT_EFFECT,
                    "BoringSSL has no ciphers with DHE, and clients that know no others are older than 2013; the file"
                            + " is looked at, and a notice says that it is not used.")
            .says("Names a file with parameters for ciphers with DHE.")
            .example("ssl_dhparam /etc/letsencrypt/ssl-dhparams.pem;");

    static final Directive<Integer> SSL_BUFFER_SIZE = directive("ssl_buffer_size")
            .in(HTTP, SERVER)
            .takes(Arguments.SIZE)
            .byDefault(16 * 1024, "16k")
            .syntax("size")
            .says("Sets how much of an answer one record holds at most, up to 16k. A client can use a record when it"
                    + " has come whole: small ones bring the first bytes earlier, large ones cost less.")
            .example("ssl_buffer_size 4k;");

    static final Directive<Boolean> SSL_EARLY_DATA = directive("ssl_early_data")
            .in(HTTP, SERVER)
            .takes(use -> {
                boolean on = Arguments.FLAG.read(use);
                if (on) {
                    use.warn("\"ssl_early_data\" is not supported on this platform, ignored");
                }
                return on;
            })
            .byDefault(false, "off")
            .syntax("on | off")
            .standing(
                    Standing.WITHOUT_EFFECT,
                    "Requests that come before a handshake has ended can be replayed by anybody; they are never read.")
            .says("Sets whether requests are taken out of a resumed session's first flight (TLS 1.3, 0-RTT).")
            .example("ssl_early_data off;");

    static final Directive<List<Command>> SSL_CONF_COMMAND = directive("ssl_conf_command")
            .in(HTTP, SERVER)
            .takesEach(
                    new Arity(2, 2),
                    use -> new Command(
                            use.node(), use.arguments().get(0), use.arguments().get(1)))
            .syntax("name value")
            .standing(
                    Standing.EXTENDED,
                    "There are Certificate, PrivateKey, CipherString, Ciphersuites (which must name all three of TLS"
                            + " 1.3, as BoringSSL has no choice of them), Curves, Groups, Protocol, MinProtocol,"
                            + " MaxProtocol, and of Options ServerPreference, SessionTicket and what BoringSSL does"
                            + " anyway; others are refused.")
            .says("Sets one of OpenSSL's own configuration commands; it counts more than the directive for the same.")
            .example("ssl_conf_command Options ServerPreference;");

    static final List<Directive<?>> ALL = List.of(
            SSL_PROTOCOLS,
            SSL_CIPHERS,
            SSL_PREFER_SERVER_CIPHERS,
            SSL_ECDH_CURVE,
            SSL_DHPARAM,
            SSL_BUFFER_SIZE,
            SSL_EARLY_DATA,
            SSL_CONF_COMMAND);

    private ProtocolDirectives() {}

    private static Set<TlsVersion> protocols(Use use) {
        Set<TlsVersion> versions = use.scope().soFar(SSL_PROTOCOLS, TlsVersion.class);
        boolean none = versions.isEmpty();
        for (Word word : use.arguments()) {
            boolean known = word.text().equals("SSLv2") || word.text().equals("SSLv3");
            for (TlsVersion version : TlsVersion.values()) {
                if (version.text.equals(word.text())) {
                    if (!versions.add(version)) {
                        use.warn("duplicate value \"" + word.text() + "\"");
                    }
                    known = true;
                    none = false;
                }
            }
            if (!known) {
                throw use.error(
                        "invalid value \"" + word.text() + "\"", word, "expected TLSv1, TLSv1.1, TLSv1.2 or TLSv1.3");
            }
        }
        if (none) {
            throw use.error(
                    "no protocol is left: SSLv2 and SSLv3 are not spoken",
                    use.arguments().get(0),
                    "write ssl_protocols TLSv1.2 TLSv1.3");
        }
        return versions;
    }

    private static Said ciphers(Use use) {
        for (String one : use.text(0).split("[:, ;]+", 0)) {
            if (one.startsWith("DHE-") || one.startsWith("EDH") || one.equals("DHE") || one.startsWith("kDHE")) {
                use.notice("BoringSSL has no ciphers with DHE, those of \"ssl_ciphers\" are passed over");
                break;
            }
        }
        return Said.of(use);
    }

    private static boolean dhparam(Use use) {
        Path file = use.confPath(use.text(0));
        String name = CertificateDirectives.name(file);
        try {
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            if (!text.contains("-----BEGIN DH PARAMETERS-----")
                    && !text.contains("-----BEGIN X9.42 DH PARAMETERS-----")) {
                throw use.error(
                        "PEM_read_bio_DHparams(\"" + name
                                + "\") failed (SSL: error:0480006C:PEM routines::no start line"
                                + ":Expecting: DH PARAMETERS)",
                        use.arguments().get(0));
            }
        } catch (IOException e) {
            throw use.error(
                    "BIO_new_file(\"" + name
                            + "\") failed (SSL: error:80000002:system library::No such file or directory"
                            + ":calling fopen(" + name + ", r) error:10000080:BIO routines::no such file)",
                    use.arguments().get(0));
        }
        use.notice("\"ssl_dhparam\" is not used: BoringSSL has no ciphers with DHE");
        return true;
    }
}
