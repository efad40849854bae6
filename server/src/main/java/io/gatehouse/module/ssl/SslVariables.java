package io.gatehouse.module.ssl;

import io.gatehouse.config.build.VariableRegistry;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Variable;
import io.gatehouse.text.UriText;
import io.gatehouse.wire.tls.ClientHello;
import io.gatehouse.wire.tls.PemText;
import io.gatehouse.wire.tls.SuiteNames;
import io.gatehouse.wire.tls.TlsFacts;
import io.gatehouse.wire.tls.VerifyResult;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Date;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What {@code $ssl_...} tells of a connection; nothing in clear, and nothing where there is nothing to tell. */
final class SslVariables {
    /** As OpenSSL prints a date: the day is padded with a blank. */
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "MMM ppd HH:mm:ss yyyy 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private static final long DAY = 24L * 3600 * 1000;

    private SslVariables() {}

    static void register(VariableRegistry r) {
        facts(r, "ssl_protocol", TlsFacts::protocol);
        facts(r, "ssl_cipher", TlsFacts::cipher);
        facts(r, "ssl_curve", facts -> SuiteNames.group(facts.group()));
        facts(r, "ssl_session_id", facts -> HexFormat.of().formatHex(facts.sessionId()));
        facts(r, "ssl_session_reused", facts -> facts.isReused() ? "r" : ".");
        facts(r, "ssl_alpn_protocol", TlsFacts::alpn);
        hello(r, "ssl_ciphers", hello -> SuiteNames.suites(hello.ciphers()));
        hello(r, "ssl_curves", hello -> SuiteNames.groups(hello.groups()));
        hello(r, "ssl_sigalgs", hello -> SuiteNames.numbers(hello.signatures()));
        hello(r, "ssl_server_name", ClientHello::serverName);
        // BoringSSL does not tell which algorithm signed, takes no early data here, and knows no names behind names.
        for (String never : new String[] {
            "ssl_sigalg", "ssl_client_sigalg", "ssl_early_data", "ssl_ech_status", "ssl_ech_outer_server_name"
        }) {
            r.add(never, x -> null);
        }
        facts(r, "ssl_client_verify", SslVariables::verify);
        der(r, "ssl_client_raw_cert", SslVariables::pem);
        der(r, "ssl_client_cert", der -> indented(pem(der)));
        der(r, "ssl_client_escaped_cert", der -> UriText.escape(pem(der), UriText.Part.URI_COMPONENT));
        der(r, "ssl_client_fingerprint", SslVariables::fingerprint);
        certificate(r, "ssl_client_s_dn", c -> Names.rfc2253(c.getSubjectX500Principal()));
        certificate(r, "ssl_client_i_dn", c -> Names.rfc2253(c.getIssuerX500Principal()));
        certificate(r, "ssl_client_s_dn_legacy", c -> Names.oneLine(c.getSubjectX500Principal()));
        certificate(r, "ssl_client_i_dn_legacy", c -> Names.oneLine(c.getIssuerX500Principal()));
        certificate(r, "ssl_client_serial", c -> hex(c.getSerialNumber().toByteArray()));
        certificate(r, "ssl_client_v_start", c -> DATE.format(c.getNotBefore().toInstant()));
        certificate(r, "ssl_client_v_end", c -> DATE.format(c.getNotAfter().toInstant()));
        r.add("ssl_client_v_remain", x -> {
            TlsFacts facts = x.client.wire.tls();
            X509Certificate certificate = facts == null ? null : facts.peerCertificate();
            return certificate == null ? null : Long.toString(days(certificate.getNotAfter(), x.loop.wallMillis()));
        });
    }

    private static void facts(VariableRegistry r, String name, Function<TlsFacts, String> get) {
        r.add(name, variable(get));
    }

    private static Variable variable(Function<TlsFacts, String> get) {
        return x -> {
            TlsFacts facts = x.client.wire.tls();
            return facts == null ? null : orNull(get.apply(facts));
        };
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    /** Known from the first message on: names of certificates may depend on it. */
    private static void hello(VariableRegistry r, String name, Function<ClientHello, String> get) {
        r.add(name, (Exchange x) -> {
            ClientHello hello = x.client.hello;
            return hello == null ? null : orNull(get.apply(hello));
        });
    }

    private static void der(VariableRegistry r, String name, Function<byte[], String> get) {
        r.add(name, x -> {
            TlsFacts facts = x.client.wire.tls();
            byte[] der = facts == null ? null : facts.peerCertificateDer();
            return der == null ? null : get.apply(der);
        });
    }

    private static void certificate(VariableRegistry r, String name, Function<X509Certificate, String> get) {
        r.add(name, x -> {
            TlsFacts facts = x.client.wire.tls();
            X509Certificate certificate = facts == null ? null : facts.peerCertificate();
            return certificate == null ? null : get.apply(certificate);
        });
    }

    private static String verify(TlsFacts facts) {
        if (!facts.hasPeerCertificate()) {
            return "NONE";
        }
        VerifyResult result = facts.verification();
        if (!result.isOk()) {
            return "FAILED:" + result.reason();
        }
        String doubt = facts.doubt();
        return doubt == null ? "SUCCESS" : "FAILED:" + doubt;
    }

    private static String pem(byte[] der) {
        return new String(PemText.certificate(der), StandardCharsets.US_ASCII);
    }

    /** Every line but the first begins with a tab, so that it is one field in several lines. */
    private static String indented(String pem) {
        return pem.substring(0, pem.length() - 1).replace("\n", "\n\t");
    }

    private static String fingerprint(byte[] der) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(der));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A positive number without the byte that says so. */
    private static String hex(byte[] number) {
        String text = HexFormat.of().withUpperCase().formatHex(number);
        return number.length > 1 && number[0] == 0 ? text.substring(2) : text;
    }

    private static long days(Date until, long now) {
        return Math.max(0, (until.getTime() - now) / DAY);
    }
}
