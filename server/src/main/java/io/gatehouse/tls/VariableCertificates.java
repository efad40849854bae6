package io.gatehouse.tls;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Template;
import io.gatehouse.wire.tls.TlsIdentity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Certificates whose names have variables in them: known only when a client has said which server it wants, and read then. From
 * any thread.
 *
 * @param certificates and {@code keys} in pairs
 * @param folder that paths are relative to
 * @param passwords to try on encrypted keys
 * @param cache of what was read, or null
 */
public record VariableCertificates(
        List<Template> certificates,
        List<Template> keys,
        Path folder,
        List<String> passwords,
        @Nullable CredentialsCache cache) {

    /**
     * What a connection's certificates are called.
     *
     * @param now seconds of the loop's clock
     */
    public record Names(List<PemSource> certificates, List<PemSource> keys, long now) {}

    /** Evaluates the names; on the loop of the exchange. */
    public Names names(Exchange of) {
        List<PemSource> certificateNames = new ArrayList<>();
        List<PemSource> keyNames = new ArrayList<>();
        for (int i = 0; i < certificates.size(); i++) {
            certificateNames.add(source(certificates.get(i), of));
            keyNames.add(source(keys.get(i), of));
        }
        return new Names(certificateNames, keyNames, TimeUnit.NANOSECONDS.toSeconds(of.loop.nanos()));
    }

    private PemSource source(Template name, Exchange of) {
        String said = name.eval(of);
        return said.isEmpty() ? new PemSource("") : PemSource.of(said, folder);
    }

    /** What is kept under these names, or null if something has to be read. */
    public @Nullable List<TlsIdentity> kept(Names names) {
        CredentialsCache kept = cache;
        if (kept == null) {
            return null;
        }
        List<TlsIdentity> found = new ArrayList<>();
        for (int i = 0; i < names.certificates().size(); i++) {
            Credentials credentials =
                    kept.atHand(names.certificates().get(i), names.keys().get(i), names.now());
            if (credentials == null) {
                return null;
            }
            found.add(credentials.identity());
        }
        return found;
    }

    /** Reads them; blocks. A name without a value is an error, as while a certificate is awaited ({@code $acme_certificate}). */
    public List<TlsIdentity> load(Names names) throws LoadException {
        List<TlsIdentity> loaded = new ArrayList<>();
        for (int i = 0; i < names.certificates().size(); i++) {
            PemSource certificate = names.certificates().get(i);
            PemSource key = names.keys().get(i);
            if (certificate.name().isEmpty() || key.name().isEmpty()) {
                Template said = (certificate.name().isEmpty() ? certificates : keys).get(i);
                throw new LoadException("no certificate: \"" + said.source() + "\" has no value");
            }
            loaded.add(
                    cache == null
                            ? key.identity(certificate.chain(), passwords)
                            : cache.load(certificate, key, passwords, names.now())
                                    .identity());
        }
        return loaded;
    }
}
