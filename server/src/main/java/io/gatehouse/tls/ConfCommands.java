package io.gatehouse.tls;

import io.gatehouse.wire.tls.TlsVersion;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Commands of OpenSSL's SSL_CONF_cmd (3), as far as the library here has what they set: the versions, ciphers and groups that
 * the directives set as well, and options. What cannot be is refused by its name.
 */
public final class ConfCommands {
    /** What BoringSSL does anyway or never, or what means nothing to it; the sign before a name does not matter. */
    private static final Set<String> WITHOUT_EFFECT = lower(
            "AntiReplay",
            "Bugs",
            "DHSingle",
            "ECDHSingle",
            "EncryptThenMac",
            "ExtendedMasterSecret",
            "IgnoreUnexpectedEOF",
            "KTLS",
            "MiddleboxCompat",
            "NoRenegotiation",
            "NoResumptionOnRenegotiation",
            "PrioritizeChaCha");

    /** What BoringSSL never does, and may be told not to. */
    private static final Set<String> NEVER =
            lower("ClientRenegotiation", "Compression", "UnsafeLegacyRenegotiation", "UnsafeLegacyServerConnect");

    private static final Set<String> TLS_1_3_CIPHERS =
            Set.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

    private static final Map<String, String> ELSEWHERE = Map.of(
            "certificate", "use the directive for certificates",
            "privatekey", "use the directive for keys",
            "signaturealgorithms", "BoringSSL chooses them by the key");

    private final EnumSet<TlsVersion> versions;
    private String ciphers;
    private @Nullable String groups;
    private @Nullable Boolean ownPreference;
    private @Nullable Boolean tickets;

    private static Set<String> lower(String... names) {
        return Stream.of(names).map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    /** A command cannot be obeyed; the message is nginx's. */
    public static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        private final String hint;

        Refused(String name, String value, String hint) {
            super("SSL_CONF_cmd(\"" + name + "\", \"" + value + "\") failed", null, false, false);
            this.hint = hint;
        }

        public String hint() {
            return hint;
        }
    }

    /** Begins with what the directives say. */
    public ConfCommands(Set<TlsVersion> versions, String ciphers, @Nullable String groups) {
        this.versions = versions.isEmpty() ? EnumSet.noneOf(TlsVersion.class) : EnumSet.copyOf(versions);
        this.ciphers = ciphers;
        this.groups = groups;
    }

    public void obey(String name, String value) throws Refused {
        String command = name.toLowerCase(Locale.ROOT);
        switch (command) {
            case "minprotocol" -> bound(name, value, true);
            case "maxprotocol" -> bound(name, value, false);
            case "protocol" -> protocols(name, value);
            case "cipherstring" -> ciphers = value;
            case "ciphersuites" -> suites(name, value);
            case "curves", "groups" -> groups = value;
            case "options" -> options(name, value);
            default ->
                throw new Refused(
                        name,
                        value,
                        ELSEWHERE.getOrDefault(
                                command,
                                "known here are MinProtocol, MaxProtocol, Protocol, CipherString, Groups and some"
                                        + " Options"));
        }
    }

    private void bound(String name, String value, boolean lower) throws Refused {
        if (value.equals("None") || lower && value.equals("SSLv3")) {
            return;
        }
        EnumSet<TlsVersion> within = EnumSet.noneOf(TlsVersion.class);
        if (!value.equals("SSLv3")) {
            TlsVersion bound = version(name, value);
            within = lower ? EnumSet.range(bound, TlsVersion.TLS_1_3) : EnumSet.range(TlsVersion.TLS_1_0, bound);
        }
        versions.retainAll(within);
        if (versions.isEmpty()) {
            throw new Refused(name, value, "no version of TLS is left");
        }
    }

    private static TlsVersion version(String name, String value) throws Refused {
        for (TlsVersion version : TlsVersion.values()) {
            if (version.text.equals(value)) {
                return version;
            }
        }
        throw new Refused(name, value, "expected TLSv1, TLSv1.1, TLSv1.2 or TLSv1.3");
    }

    private void protocols(String name, String value) throws Refused {
        for (String word : value.split(",")) {
            String text = word.strip();
            boolean off = text.startsWith("-");
            String version = off || text.startsWith("+") ? text.substring(1) : text;
            Set<TlsVersion> meant = switch (version) {
                case "ALL" -> EnumSet.allOf(TlsVersion.class);
                case "SSLv2", "SSLv3" -> Set.of();
                default -> EnumSet.of(version(name, version));
            };
            if (off) {
                versions.removeAll(meant);
            } else {
                versions.addAll(meant);
            }
        }
    }

    private static void suites(String name, String value) throws Refused {
        if (!Set.of(value.split(":")).containsAll(TLS_1_3_CIPHERS)) {
            throw new Refused(name, value, "the three ciphers of TLS 1.3 cannot be chosen from here");
        }
    }

    private void options(String name, String value) throws Refused {
        for (String word : value.split(",")) {
            String text = word.strip().toLowerCase(Locale.ROOT);
            boolean off = text.startsWith("-");
            String option = off || text.startsWith("+") ? text.substring(1) : text;
            switch (option) {
                case "serverpreference" -> ownPreference = !off;
                case "sessionticket" -> tickets = !off;
                default -> {
                    if (!WITHOUT_EFFECT.contains(option) && !(off && NEVER.contains(option))) {
                        throw new Refused(
                                name, value, "BoringSSL has no option \"" + word.strip() + "\" that could be set");
                    }
                }
            }
        }
    }

    public Set<TlsVersion> versions() {
        return Collections.unmodifiableSet(versions);
    }

    public String ciphers() {
        return ciphers;
    }

    public @Nullable String groups() {
        return groups;
    }

    /** Whether the server chooses the cipher, by a command, or else by {@code said}. */
    public boolean prefersOwnCiphers(boolean said) {
        return ownPreference == null ? said : ownPreference;
    }

    /** Whether sessions go on by tickets, by a command, or else by {@code said}. */
    public boolean tickets(boolean said) {
        return tickets == null ? said : tickets;
    }
}
