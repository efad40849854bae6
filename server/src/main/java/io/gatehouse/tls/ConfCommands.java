package io.gatehouse.tls;

import io.gatehouse.wire.tls.TlsVersion;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Commands of OpenSSL's SSL_CONF_cmd (3), as far as the library here has what they set: the versions, ciphers and groups that
 * the directives set as well. What cannot be is refused by its name.
 */
public final class ConfCommands {
    private static final List<String> NAMES = List.of("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3");
    /** Options that hold anyway, or mean nothing to the library. */
    private static final Set<String> OPTIONS_THAT_HOLD = Set.of(
            "serverpreference",
            "prioritizechacha",
            "-compression",
            "norenegotiation",
            "-unsafelegacyrenegotiation",
            "-unsafelegacyserverconnect",
            "-clientrenegotiation",
            "noresumptiononrenegotiation",
            "sessionticket",
            "encryptthenmac",
            "extendedmastersecret",
            "bugs",
            "ktls",
            "-ktls",
            "ecdhsingle",
            "dhsingle",
            "ignoreunexpectedeof");

    private static final Map<String, String> ELSEWHERE = Map.of(
            "certificate", "use the directive for certificates",
            "privatekey", "use the directive for keys",
            "ciphersuites", "the three ciphers of TLS 1.3 cannot be chosen from here",
            "signaturealgorithms", "BoringSSL chooses them by the key");

    private final Set<TlsVersion> versions;
    private String ciphers;
    private @Nullable String groups;

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
        switch (name.toLowerCase(Locale.ROOT)) {
            case "minprotocol" -> keep(bound(name, value), TlsVersion.values().length);
            case "maxprotocol" ->
                keep(0, value.equalsIgnoreCase("None") ? TlsVersion.values().length : bound(name, value) + 1);
            case "protocol" -> protocols(name, value);
            case "cipherstring" -> ciphers = value;
            case "curves", "groups" -> groups = value;
            case "options" -> options(name, value);
            default ->
                throw new Refused(
                        name,
                        value,
                        ELSEWHERE.getOrDefault(
                                name.toLowerCase(Locale.ROOT),
                                "known here are MinProtocol, MaxProtocol, Protocol, CipherString, Groups and some"
                                        + " Options"));
        }
    }

    private static int bound(String name, String value) throws Refused {
        if (value.equalsIgnoreCase("None") || value.equalsIgnoreCase("SSLv3")) {
            return 0;
        }
        for (int i = 0; i < NAMES.size(); i++) {
            if (NAMES.get(i).equalsIgnoreCase(value)) {
                return i;
            }
        }
        throw new Refused(name, value, "expected one of: " + String.join(", ", NAMES) + ", None");
    }

    /** Turns on all versions within the bounds, as OpenSSL does, and others off. */
    private void keep(int from, int to) {
        for (TlsVersion version : TlsVersion.values()) {
            if (version.ordinal() < from || version.ordinal() >= to) {
                versions.remove(version);
            }
        }
    }

    private void protocols(String name, String value) throws Refused {
        for (String word : value.split(",")) {
            String text = word.strip();
            boolean off = text.startsWith("-");
            String version = off || text.startsWith("+") ? text.substring(1) : text;
            List<TlsVersion> meant = new ArrayList<>();
            if (version.equalsIgnoreCase("ALL")) {
                meant.addAll(List.of(TlsVersion.values()));
            } else if (!version.equalsIgnoreCase("SSLv2") && !version.equalsIgnoreCase("SSLv3")) {
                meant.add(TlsVersion.values()[bound(name, version)]);
            }
            if (off) {
                meant.forEach(versions::remove);
            } else {
                versions.addAll(meant);
            }
        }
    }

    private static void options(String name, String value) throws Refused {
        for (String word : value.split(",")) {
            String option = word.strip().toLowerCase(Locale.ROOT);
            if (!OPTIONS_THAT_HOLD.contains(option.startsWith("+") ? option.substring(1) : option)) {
                throw new Refused(name, value, "BoringSSL has no option \"" + word.strip() + "\" that could be set");
            }
        }
    }

    public Set<TlsVersion> versions() {
        return Set.copyOf(versions);
    }

    public String ciphers() {
        return ciphers;
    }

    public @Nullable String groups() {
        return groups;
    }
}
