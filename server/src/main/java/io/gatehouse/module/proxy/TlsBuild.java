package io.gatehouse.module.proxy;

import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Scope;
import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.config.syntax.Node;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.Template;
import io.gatehouse.tls.ConfCommands;
import io.gatehouse.tls.Credentials;
import io.gatehouse.tls.CredentialsSource;
import io.gatehouse.tls.LoadException;
import io.gatehouse.tls.PemSource;
import io.gatehouse.wire.tls.TlsSettingsException;
import java.nio.file.Path;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes what places say of TLS into contexts; reads each file once for all of them. Used by the one thread that builds. */
final class TlsBuild {
    private final Map<String, List<X509Certificate>> authorities = new HashMap<>();
    private final Map<String, List<X509CRL>> revocations = new HashMap<>();
    private final Map<List<String>, Credentials> credentials = new HashMap<>();

    /** What a place says, for its connections over TLS. */
    static ProxyTls of(LocationBuild place) {
        TlsBuild build = place.shared(TlsBuild.class, TlsBuild::new);
        Scope scope = place.scope();
        TlsRecipe recipe = build.recipe(place);
        TlsContexts contexts = place.carried(TlsContexts.class, TlsContexts::new);
        try {
            return new ProxyTls(
                    recipe,
                    contexts.of(recipe),
                    place.carried(TlsSessions.class, TlsSessions::new),
                    scope.find(SslDirectives.NAME),
                    scope.get(SslDirectives.SERVER_NAME),
                    scope.get(SslDirectives.SESSION_REUSE),
                    chosen(place));
        } catch (TlsSettingsException e) {
            throw refused(scope, e);
        }
    }

    private static ConfigException refused(Scope scope, TlsSettingsException e) {
        if (e.call().equals("SSL_CTX_set_cipher_list")) {
            String message =
                    e.call() + "(\"" + scope.get(SslDirectives.CIPHERS) + "\") failed (SSL: " + e.error() + ")";
            return at(scope, SslDirectives.CIPHERS, message)
                    .withHint("BoringSSL knows none of these ciphers; \"DEFAULT\" is a good choice");
        }
        return at(scope, SslDirectives.CONF_COMMAND, e.call() + "() failed (SSL: " + e.error() + ")");
    }

    private TlsRecipe recipe(LocationBuild place) {
        Scope scope = place.scope();
        Path folder = place.paths().conf();
        ConfCommands commands =
                new ConfCommands(scope.get(SslDirectives.PROTOCOLS_SPOKEN), scope.get(SslDirectives.CIPHERS), null);
        for (SslDirectives.Command command : place.findOr(SslDirectives.CONF_COMMAND, List.of())) {
            try {
                commands.obey(command.name(), command.value());
            } catch (ConfCommands.Refused e) {
                throw at(scope, SslDirectives.CONF_COMMAND, String.valueOf(e.getMessage()), command.at())
                        .withHint(e.hint());
            }
        }
        Credentials shown = constant(scope, folder);
        boolean verify = scope.get(SslDirectives.VERIFY);
        List<X509Certificate> trusted = List.of();
        List<X509CRL> revoked = List.of();
        if (verify) {
            trusted = trusted(scope, folder);
            revoked = revoked(scope, folder);
        }
        return new TlsRecipe(
                commands.versions(),
                commands.ciphers(),
                commands.groups(),
                shown,
                verify,
                scope.get(SslDirectives.VERIFY_DEPTH),
                trusted,
                revoked);
    }

    private List<X509Certificate> trusted(Scope scope, Path folder) {
        Word file = scope.find(SslDirectives.TRUSTED_CERTIFICATE);
        if (file == null || file.text().isEmpty()) {
            throw at(scope, SslDirectives.VERIFY, "no proxy_ssl_trusted_certificate for proxy_ssl_verify")
                    .withHint("name a file with the authorities to trust; the system's are often in"
                            + " /etc/ssl/certs/ca-certificates.crt");
        }
        List<X509Certificate> known = authorities.get(file.text());
        if (known == null) {
            try {
                known = PemSource.of(file.text(), folder).certificates();
            } catch (LoadException e) {
                throw at(scope, SslDirectives.TRUSTED_CERTIFICATE, e.message(), file);
            }
            authorities.put(file.text(), known);
        }
        return known;
    }

    private List<X509CRL> revoked(Scope scope, Path folder) {
        Word file = scope.find(SslDirectives.CRL);
        if (file == null || file.text().isEmpty()) {
            return List.of();
        }
        List<X509CRL> known = revocations.get(file.text());
        if (known == null) {
            try {
                known = PemSource.of(file.text(), folder).lists();
            } catch (LoadException e) {
                throw at(scope, SslDirectives.CRL, e.message(), file);
            }
            revocations.put(file.text(), known);
        }
        return known;
    }

    /** Credentials that are named without variables; null if there are none. */
    private @Nullable Credentials constant(Scope scope, Path folder) {
        Template certificate = scope.find(SslDirectives.CERTIFICATE);
        if (certificate == null || certificate.source().isEmpty()) {
            return null;
        }
        Template key = scope.find(SslDirectives.CERTIFICATE_KEY);
        if (key == null) {
            throw at(
                    scope,
                    SslDirectives.CERTIFICATE,
                    "no \"proxy_ssl_certificate_key\" is defined for certificate \"" + certificate.source() + "\"");
        }
        String itsName = certificate.constant();
        String keyName = key.constant();
        if (itsName == null || keyName == null) {
            return null;
        }
        List<String> passwords = passwords(scope);
        List<String> names = List.of(itsName, keyName, passwords.toString());
        Credentials known = credentials.get(names);
        if (known == null) {
            try {
                known = Credentials.load(PemSource.of(itsName, folder), PemSource.of(keyName, folder), passwords);
            } catch (LoadException e) {
                String message = e.message();
                boolean ofKey = message.contains("key \"") || message.contains("PrivateKey");
                throw at(scope, ofKey ? SslDirectives.CERTIFICATE_KEY : SslDirectives.CERTIFICATE, message);
            }
            credentials.put(names, known);
        }
        return known;
    }

    private static List<String> passwords(Scope scope) {
        List<String> passwords = scope.find(SslDirectives.PASSWORD_FILE);
        return passwords == null ? List.of() : passwords;
    }

    private static ProxyTls.@Nullable Chosen chosen(LocationBuild place) {
        Scope scope = place.scope();
        Template certificate = scope.find(SslDirectives.CERTIFICATE);
        Template key = scope.find(SslDirectives.CERTIFICATE_KEY);
        if (certificate == null
                || key == null
                || certificate.source().isEmpty()
                || certificate.isConstant() && key.isConstant()) {
            return null;
        }
        CredentialsSource source = new CredentialsSource(
                place.paths().conf(), scope.get(SslDirectives.CERTIFICATE_CACHE).orElse(null), passwords(scope));
        return new ProxyTls.Chosen(certificate, key, source);
    }

    /** An error at the nearest use of a directive. */
    private static ConfigException at(Scope scope, Directive<?> directive, String message) {
        for (Scope s = scope; s != null; s = s.parent()) {
            Node node = s.use(directive);
            if (node != null) {
                return ConfigException.at(node, message);
            }
        }
        return ConfigException.of(message);
    }

    private static ConfigException at(Scope scope, Directive<?> directive, String message, Word word) {
        for (Scope s = scope; s != null; s = s.parent()) {
            Node node = s.use(directive);
            if (node != null) {
                return ConfigException.at(node, word, message);
            }
        }
        return ConfigException.of(message);
    }
}
