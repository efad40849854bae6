package io.gatehouse.module.ssl;

import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.config.syntax.Node;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.Template;
import io.gatehouse.module.ssl.ProtocolDirectives.Command;
import io.gatehouse.module.ssl.ProtocolDirectives.Said;
import io.gatehouse.tls.ConfCommands;
import io.gatehouse.wire.tls.TlsSettingsException;
import io.gatehouse.wire.tls.TlsVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Versions, ciphers and groups of one server: what the directives say, changed by {@code ssl_conf_command}, in words that
 * BoringSSL understands.
 */
final class Choice {
    private static final String CIPHERS = "HIGH:!aNULL:!MD5";
    private static final String GROUPS = "X25519MLKEM768:X25519:P-256:P-384";
    /** Groups of OpenSSL 3.5 that BoringSSL lacks. */
    private static final Set<String> LACKING = Set.of(
            "x448",
            "secp224r1",
            "p-224",
            "secp256k1",
            "brainpoolp256r1",
            "brainpoolp384r1",
            "brainpoolp512r1",
            "brainpoolp256r1tls13",
            "brainpoolp384r1tls13",
            "brainpoolp512r1tls13",
            "ffdhe2048",
            "ffdhe3072",
            "ffdhe4096",
            "ffdhe6144",
            "ffdhe8192",
            "secp256r1mlkem768",
            "secp384r1mlkem1024",
            "mlkem512",
            "mlkem768",
            "mlkem1024");

    private final LocationBuild place;
    private final ConfCommands commands;
    private String ciphers = CIPHERS;
    private @Nullable Node ciphersAt;
    private @Nullable Word ciphersWord;
    private String groups = GROUPS;
    private @Nullable Node groupsAt;
    private @Nullable Word groupsWord;
    private CertificateDirectives.@Nullable Said certificate;
    private CertificateDirectives.@Nullable Said key;

    Choice(LocationBuild place) {
        this.place = place;
        this.commands = new ConfCommands(place.get(ProtocolDirectives.SSL_PROTOCOLS), CIPHERS, GROUPS);
        Said said = place.find(ProtocolDirectives.SSL_CIPHERS);
        if (said != null) {
            ciphers(said.node(), said.word(), said.text());
        }
        said = place.find(ProtocolDirectives.SSL_ECDH_CURVE);
        if (said != null && !said.text().equals("auto")) {
            groups(said.node(), said.word(), said.text());
        }
        for (Command command : place.findOr(ProtocolDirectives.SSL_CONF_COMMAND, List.of())) {
            apply(command);
        }
    }

    private void ciphers(Node node, Word word, String text) {
        ciphersAt = node;
        ciphersWord = word;
        List<String> kept = new ArrayList<>();
        for (String one : text.split("[:, ;]+", 0)) {
            if (!one.startsWith("@SECLEVEL") && !one.isEmpty()) {
                kept.add(one);
            }
        }
        ciphers = String.join(":", kept);
    }

    private void groups(Node node, Word word, String text) {
        groupsAt = node;
        groupsWord = word;
        List<String> kept = new ArrayList<>();
        List<String> lacking = new ArrayList<>();
        for (String one : text.split("[:/]", 0)) {
            String name = one.startsWith("*") || one.startsWith("?") ? one.substring(1) : one;
            if (LACKING.contains(name.toLowerCase(Locale.ROOT))) {
                lacking.add(name);
            } else if (!name.startsWith("-")) {
                kept.add(ofBoringSsl(name));
            }
        }
        if (kept.isEmpty() || kept.get(0).isEmpty()) {
            throw curves(text, "error:0a000000:SSL routines::no suitable groups");
        }
        if (!lacking.isEmpty()) {
            place.warn(node, "BoringSSL does not have the group " + String.join(", ", lacking));
        }
        groups = String.join(":", kept);
    }

    private static String ofBoringSsl(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "prime256v1", "secp256r1", "p-256" -> "P-256";
            case "secp384r1", "p-384" -> "P-384";
            case "secp521r1", "p-521" -> "P-521";
            case "x25519" -> "X25519";
            case "x25519mlkem768" -> "X25519MLKEM768";
            default -> name;
        };
    }

    private void apply(Command command) {
        Node node = command.node();
        Word word = command.value();
        String value = word.text();
        switch (command.name().text().toLowerCase(Locale.ROOT)) {
            case "cipherstring" -> ciphers(node, word, value);
            case "curves", "groups" -> groups(node, word, value);
            case "certificate" -> certificate = said(command);
            case "privatekey" -> key = said(command);
            default -> {
                try {
                    commands.obey(command.name().text(), value);
                } catch (ConfCommands.Refused e) {
                    throw ConfigException.at(node, word, String.valueOf(e.getMessage()))
                            .withHint(e.hint());
                }
            }
        }
    }

    private CertificateDirectives.Said said(Command command) {
        return new CertificateDirectives.Said(
                command.node(),
                command.value(),
                Template.constant(command.value().text()),
                place.paths().conf());
    }

    private ConfigException curves(String text, String error) {
        return at(groupsAt, groupsWord, "SSL_CTX_set1_curves_list(\"" + text + "\") failed (SSL: " + error + ")");
    }

    /** The error of a setting that the library refuses, where it is said. */
    ConfigException error(TlsSettingsException e) {
        return switch (e.call()) {
            case "SSL_CTX_set_cipher_list" -> {
                Word word = ciphersWord;
                String text = word == null ? CIPHERS : word.text();
                yield at(ciphersAt, word, "SSL_CTX_set_cipher_list(\"" + text + "\") failed (SSL: " + e.error() + ")")
                        .withHint("BoringSSL has none of these ciphers");
            }
            case "SSL_CTX_set1_curves_list" -> curves(groupsWord == null ? GROUPS : groupsWord.text(), e.error());
            default -> ConfigException.of(String.valueOf(e.getMessage()));
        };
    }

    private static ConfigException at(@Nullable Node node, @Nullable Word word, String message) {
        return node == null || word == null ? ConfigException.of(message) : ConfigException.at(node, word, message);
    }

    /** A certificate and key that take the place of those of their kind, or null. */
    ServerTlsBuild.@Nullable Pair replacement() {
        return certificate == null ? null : new ServerTlsBuild.Pair(certificate, key == null ? certificate : key);
    }

    Set<TlsVersion> versions() {
        return commands.versions();
    }

    String ciphers() {
        return ciphers;
    }

    String groups() {
        return groups;
    }

    boolean prefersOwnCiphers() {
        return commands.prefersOwnCiphers(place.get(ProtocolDirectives.SSL_PREFER_SERVER_CIPHERS));
    }

    boolean tickets() {
        return commands.tickets(place.get(SessionDirectives.SSL_SESSION_TICKETS));
    }
}
