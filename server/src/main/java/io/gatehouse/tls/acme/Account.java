package io.gatehouse.tls.acme;

import io.gatehouse.observe.log.Level;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Metadata;
import org.shredzone.acme4j.exception.AcmeException;

/**
 * Our account with an authority, while it is spoken with. The key and where the account is are kept in the state folder:
 * {@code account.key} as nginx's module has it, and {@code account-HASH.url}, one for each directory, which also tells with what key
 * and contacts the account was made.
 */
final class Account {
    private static final String KEY_FILE = "account.key";

    /** As long as another process may take to make the account. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Authority authority;
    private final AcmeIssuer issuer;
    private final AcmeClient client;
    private final Diagnosis diagnosis;
    private @Nullable Login login;

    Account(Authority authority, AcmeClient client) {
        this.authority = authority;
        this.issuer = authority.issuer();
        this.client = client;
        this.diagnosis = new Diagnosis(issuer, client);
    }

    AcmeClient client() {
        return client;
    }

    Diagnosis diagnosis() {
        return diagnosis;
    }

    /** Logs in; makes the account if there is none. */
    synchronized Login login() throws AcmeFailure, IOException {
        Login there = login;
        if (there == null) {
            try (StateFolder.Hold _ = authority.pause().hold(authority.folder(), "account", PATIENCE)) {
                KeyPair key = key();
                List<String> wanted = facts(key);
                List<String> kept = kept();
                there = kept != null && kept.subList(1, kept.size()).equals(wanted)
                        ? client.session().login(URI.create(kept.get(0)).toURL(), key)
                        : register(key, wanted);
            }
            login = there;
        }
        return there;
    }

    /** The authority does not know the account: the next login makes it anew. */
    synchronized void forget() throws IOException {
        authority.folder().delete(urlFile());
        login = null;
    }

    /** With what an account is made; for another one it is registered again, which an authority answers with the same account. */
    private List<String> facts(KeyPair key) {
        List<String> facts = new ArrayList<>();
        facts.add(issuer.directory().toString());
        facts.add(digest(key.getPublic().getEncoded()));
        issuer.contacts().forEach(contact -> facts.add(contact.toString()));
        return facts;
    }

    private String urlFile() {
        String directory = issuer.directory().toString();
        return "account-" + digest(directory.getBytes(StandardCharsets.UTF_8)).substring(0, 8) + ".url";
    }

    private static String digest(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // Every JDK has it.
        }
    }

    private @Nullable List<String> kept() throws IOException {
        byte[] text = authority.folder().read(urlFile());
        List<String> lines = text == null
                ? List.of()
                : new String(text, StandardCharsets.UTF_8).lines().toList();
        return lines.isEmpty() || !lines.get(0).startsWith("http") ? null : lines;
    }

    private KeyPair key() throws IOException, AcmeFailure {
        return switch (issuer.accountKey()) {
            case AcmeIssuer.AccountKey.Given given -> {
                try {
                    yield KeyText.read(given.pem());
                } catch (IOException e) {
                    throw new AcmeFailure(
                            "\"" + given.file() + "\" holds " + e.getMessage(), "look at \"account_key\"");
                }
            }
            case AcmeIssuer.AccountKey.Made made -> keptKey(made.kind());
        };
    }

    private KeyPair keptKey(KeyKind kind) throws IOException {
        StateFolder folder = authority.folder();
        byte[] text = folder.read(KEY_FILE);
        if (text != null) {
            try {
                return KeyText.read(new String(text, StandardCharsets.US_ASCII));
            } catch (IOException e) {
                String aside = folder.setAside(KEY_FILE);
                authority
                        .log()
                        .say(
                                Level.ERROR,
                                "\"" + aside + "\" holds " + e.getMessage()
                                        + ": it has been put aside, another account will be made");
            }
        }
        KeyPair made = kind.generate();
        folder.write(KEY_FILE, KeyText.write(made.getPrivate()).getBytes(StandardCharsets.US_ASCII));
        return made;
    }

    private Login register(KeyPair key, List<String> facts) throws AcmeFailure, IOException {
        try {
            Metadata terms = client.session().getMetadata();
            checkTerms(terms);
            Budget.Leave leave = authority.budget().leaveForAccount();
            Instant now = Instant.ofEpochMilli(authority.clock().wallMillis());
            if (leave.from().isAfter(now)) {
                throw new AcmeFailure(
                        AcmeFailure.Kind.LIMIT,
                        "no account: " + leave.because(),
                        "",
                        Duration.between(now, leave.from()),
                        null);
            }
            authority.budget().registering();
            Login made = builder(key).createLogin(client.session());
            tellContacts(made);
            URL url = made.getAccountLocation();
            List<String> lines = new ArrayList<>(List.of(url.toString()));
            lines.addAll(facts);
            authority.folder().write(urlFile(), (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
            authority.log().say(Level.NOTICE, "account with \"" + issuer.name() + "\": " + url);
            return made;
        } catch (AcmeException | RuntimeException e) {
            throw diagnosis.of(e);
        }
    }

    /** One that was there before keeps the contacts it had. */
    private void tellContacts(Login there) throws AcmeException {
        if (!issuer.contacts().isEmpty() && !there.getAccount().getContacts().equals(issuer.contacts())) {
            var edited = there.getAccount().modify();
            edited.getContacts().clear();
            edited.getContacts().addAll(issuer.contacts());
            edited.commit();
        }
    }

    private void checkTerms(Metadata terms) throws AcmeFailure {
        if (terms.isExternalAccountRequired() && issuer.external() == null) {
            throw new AcmeFailure(
                    "the authority \"" + issuer.name() + "\" requires an external account",
                    "it knows its customers by a key that it gives them: external_account_key");
        }
        URI text = terms.getTermsOfService().orElse(null);
        if (text != null && !issuer.termsAccepted()) {
            throw new AcmeFailure(
                    "the terms of service of the authority \"" + issuer.name() + "\" are not accepted",
                    "read " + text + " and write accept_terms_of_service into its block");
        }
    }

    private AccountBuilder builder(KeyPair key) {
        AccountBuilder builder = new AccountBuilder().useKeyPair(key);
        issuer.contacts().forEach(builder::addContact);
        if (issuer.termsAccepted()) {
            builder.agreeToTermsOfService();
        }
        AcmeIssuer.ExternalAccount external = issuer.external();
        if (external != null) {
            // The one algorithm that all of them take, whatever the length of their keys.
            builder.withKeyIdentifier(external.id(), external.key()).withMacAlgorithm(AlgorithmIdentifiers.HMAC_SHA256);
        }
        return builder;
    }
}
