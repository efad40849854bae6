package io.gatehouse.tls.acme;

import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An authority, and how it is dealt with (nginx's {@code acme_issuer}). Two that are equal are one and share an account.
 *
 * <p>Whoever reads a configuration may be root, whoever deals with the authority is not: what the operator keeps in files is
 * read beforehand and stands here by its content.
 *
 * @param name what the configuration calls it, for messages
 * @param directory where its directory is (RFC 8555, 7.1.1)
 * @param accountKey the key of the account
 * @param contacts URLs such as {@code mailto:admin@example.com}
 * @param external what it gave the operator to tie the account to one of another kind, or null
 * @param challenge how names are shown to be one's own
 * @param preferredChain the common name in the issuer of the topmost certificate of the chain to choose; null for the first
 * @param profile which kind of certificate, or null for its default
 * @param trusted the certificates by which its HTTPS is verified; null for those the system trusts
 * @param verify whether its HTTPS is verified at all
 * @param state the folder for account, orders and certificates; null to keep nothing on the disk
 * @param termsAccepted whether the operator accepts its terms of service
 * @param commonName whether the first name stands as common name in requests too
 */
public record AcmeIssuer(
        String name,
        URI directory,
        AccountKey accountKey,
        List<URI> contacts,
        @Nullable ExternalAccount external,
        ChallengeType challenge,
        @Nullable String preferredChain,
        @Nullable Profile profile,
        @Nullable List<X509Certificate> trusted,
        boolean verify,
        @Nullable Path state,
        boolean termsAccepted,
        boolean commonName) {

    /** Where the key of the account comes from. */
    public sealed interface AccountKey {
        /** It is made at the first use and kept in the state folder. */
        record Made(KeyKind kind) implements AccountKey {}

        /**
         * The operator has it in a file.
         *
         * @param file for messages
         * @param pem its text: PKCS#8, PKCS#1 or SEC 1, without a password
         */
        record Given(String file, String pem) implements AccountKey {
            @Override
            public String toString() {
                return "Given[" + file + "]"; // Never the key.
            }
        }
    }

    /**
     * A binding to an account of another kind (RFC 8555, 7.3.4).
     *
     * @param id the key's identifier
     * @param key the key, in base64url
     */
    public record ExternalAccount(String id, String key) {
        @Override
        public String toString() {
            return "ExternalAccount[" + id + "]"; // Never the key.
        }
    }

    /**
     * A kind of certificate that authorities offer (draft-ietf-acme-profiles): {@code classic}, {@code tlsserver},
     * {@code shortlived}.
     *
     * @param required whether it is an error if the authority has it not; else its default is taken
     */
    public record Profile(String name, boolean required) {}

    public AcmeIssuer {
        contacts = List.copyOf(contacts);
        trusted = trusted == null ? null : List.copyOf(trusted);
    }
}
