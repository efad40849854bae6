package io.gatehouse.module.proxy;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.LOCATION;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.directive.Arguments;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.CacheArguments;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.Template;
import io.gatehouse.tls.CredentialsCache;
import io.gatehouse.tls.LoadException;
import io.gatehouse.tls.Passwords;
import io.gatehouse.wire.tls.TlsVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How TLS is spoken with applications. */
final class SslDirectives {
    private SslDirectives() {}

    private static final int SSL_2 = 1 << 8;
    private static final int SSL_3 = 1 << 9;

    private static final Map<String, Integer> PROTOCOLS = Map.of(
            "SSLv2", SSL_2,
            "SSLv3", SSL_3,
            "TLSv1", 1 << TlsVersion.TLS_1_0.ordinal(),
            "TLSv1.1", 1 << TlsVersion.TLS_1_1.ordinal(),
            "TLSv1.2", 1 << TlsVersion.TLS_1_2.ordinal(),
            "TLSv1.3", 1 << TlsVersion.TLS_1_3.ordinal());

    /** A command and its value. */
    record Command(String name, String value, Word at) {}

    static final Directive<Set<TlsVersion>> PROTOCOLS_SPOKEN = directive("proxy_ssl_protocols")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arity.AT_LEAST_ONE, SslDirectives::protocols)
            .again()
            .byDefault(Set.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3), "TLSv1.2 TLSv1.3")
            .syntax("[TLSv1] [TLSv1.1] [TLSv1.2] [TLSv1.3]")
            .says("Sets which versions of TLS are spoken with applications. SSLv2 and SSLv3 can be named, and are not"
                    + " spoken.")
            .example("proxy_ssl_protocols TLSv1.3;");

    static final Directive<String> CIPHERS = directive("proxy_ssl_ciphers")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.TEXT)
            .byDefault("DEFAULT", "DEFAULT")
            .syntax("ciphers")
            .says("Sets the ciphers that are offered to applications for TLS 1.2 and older, in OpenSSL's grammar.")
            .example("proxy_ssl_ciphers HIGH:!aNULL;");

    static final Directive<Template> NAME = directive("proxy_ssl_name")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.TEMPLATE)
            .syntax("name")
            .says("Sets the name that an application's certificate has to be for, and that is asked for with"
                    + " proxy_ssl_server_name; without it that is the host of proxy_pass, or the name of the upstream"
                    + " block. A port behind it is left out.")
            .example("proxy_ssl_name app.example.com;");

    static final Directive<Boolean> SERVER_NAME = directive("proxy_ssl_server_name")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.FLAG)
            .byDefault(false, "off")
            .syntax("on | off")
            .says("Sets whether the name is told to the application at the beginning (SNI, RFC 6066); an address never"
                    + " is.")
            .example("proxy_ssl_server_name on;");

    static final Directive<Boolean> VERIFY = directive("proxy_ssl_verify")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.FLAG)
            .byDefault(false, "off")
            .syntax("on | off")
            .says("Sets whether an application's certificate is verified: that an authority of"
                    + " proxy_ssl_trusted_certificate has issued it, and for this name.")
            .example("proxy_ssl_verify on;");

    static final Directive<Integer> VERIFY_DEPTH = directive("proxy_ssl_verify_depth")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.NUMBER)
            .byDefault(1, "1")
            .syntax("number")
            .says("Sets how many authorities may stand between an application's certificate and a trusted one.")
            .example("proxy_ssl_verify_depth 2;");

    static final Directive<Word> TRUSTED_CERTIFICATE = directive("proxy_ssl_trusted_certificate")
            .in(HTTP, SERVER, LOCATION)
            .takes(SslDirectives::word)
            .syntax("file")
            .says("Names a file with the certificates of the authorities that are trusted, in PEM.")
            .example("proxy_ssl_trusted_certificate /etc/ssl/certs/ca-certificates.crt;");

    static final Directive<Word> CRL = directive("proxy_ssl_crl")
            .in(HTTP, SERVER, LOCATION)
            .takes(SslDirectives::word)
            .syntax("file")
            .says("Names a file with the lists of revoked certificates, in PEM, one for each authority on the way to a"
                    + " trusted one.")
            .example("proxy_ssl_crl crl.pem;");

    static final Directive<Template> CERTIFICATE = directive("proxy_ssl_certificate")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.TEMPLATE)
            .syntax("file")
            .says("Names the certificate in PEM, with those of its authorities behind it, that is shown to an"
                    + " application which asks for one; empty for none. With variables it is loaded for each connection"
                    + " if it is in no cache; behind \"data:\" stands the text itself.")
            .example("proxy_ssl_certificate client.crt;");

    static final Directive<Template> CERTIFICATE_KEY = directive("proxy_ssl_certificate_key")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.TEMPLATE)
            .syntax("file")
            .says("Names the key of proxy_ssl_certificate, in PEM; as for that, there may be variables or \"data:\".")
            .example("proxy_ssl_certificate_key client.key;");

    static final Directive<Optional<CredentialsCache>> CERTIFICATE_CACHE = directive("proxy_ssl_certificate_cache")
            .in(HTTP, SERVER, LOCATION)
            .takes(new Arity(1, 3), SslDirectives::cache)
            .byDefault(Optional.empty(), "off")
            .syntax("off | max=N [inactive=time] [valid=time]")
            .says("Sets how many certificates and keys that are named with variables are kept, how long one may be"
                    + " unused (10 s), and after which time its file is looked at again (60 s). Keys that need a"
                    + " password are not kept.")
            .example("proxy_ssl_certificate_cache max=1000 inactive=20s valid=1m;");

    static final Directive<List<String>> PASSWORD_FILE = directive("proxy_ssl_password_file")
            .in(HTTP, SERVER, LOCATION)
            .takes(SslDirectives::passwords)
            .syntax("file")
            .says("Names a file with passwords of keys, one a line; they are tried one after the other.")
            .example("proxy_ssl_password_file /etc/keys/passwords;");

    static final Directive<Boolean> SESSION_REUSE = directive("proxy_ssl_session_reuse")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.FLAG)
            .byDefault(true, "on")
            .syntax("on | off")
            .says("Sets whether a new connection to an application resumes the session of an earlier one, which is"
                    + " cheaper for both.")
            .example("proxy_ssl_session_reuse off;");

    static final Directive<List<Command>> CONF_COMMAND = directive("proxy_ssl_conf_command")
            .in(HTTP, SERVER, LOCATION)
            .takesEach(
                    new Arity(2, 2),
                    use -> new Command(use.text(0), use.text(1), use.arguments().get(0)))
            .syntax("name value")
            .says("Gives a command of OpenSSL's SSL_CONF_cmd: MinProtocol, MaxProtocol, Protocol, CipherString,"
                    + " Groups, and those Options that BoringSSL obeys; others are refused by name.")
            .example("proxy_ssl_conf_command MinProtocol TLSv1.3;");

    static final List<Directive<?>> ALL = List.of(
            PROTOCOLS_SPOKEN,
            CIPHERS,
            NAME,
            SERVER_NAME,
            VERIFY,
            VERIFY_DEPTH,
            TRUSTED_CERTIFICATE,
            CRL,
            CERTIFICATE,
            CERTIFICATE_KEY,
            CERTIFICATE_CACHE,
            PASSWORD_FILE,
            SESSION_REUSE,
            CONF_COMMAND);

    private static Word word(Use use) {
        return use.arguments().get(0);
    }

    private static Set<TlsVersion> protocols(Use use) {
        Set<TlsVersion> versions = use.scope().soFar(PROTOCOLS_SPOKEN, TlsVersion.class);
        int bits = Words.sum(
                use,
                PROTOCOLS,
                versions.stream().mapToInt(version -> 1 << version.ordinal()).sum());
        for (TlsVersion version : TlsVersion.values()) {
            if ((bits & 1 << version.ordinal()) != 0) {
                versions.add(version);
            }
        }
        return versions;
    }

    private static Optional<CredentialsCache> cache(Use use) {
        return Optional.ofNullable(CacheArguments.ofLoaded(use)).map(CredentialsCache::of);
    }

    private static List<String> passwords(Use use) {
        try {
            return Passwords.read(use.confPath(use.text(0)));
        } catch (LoadException e) {
            throw use.error(e.message(), use.arguments().get(0));
        }
    }
}
