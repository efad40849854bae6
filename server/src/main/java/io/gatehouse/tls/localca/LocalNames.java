package io.gatehouse.tls.localca;

import io.gatehouse.address.IpText;
import io.gatehouse.address.Network;
import io.gatehouse.text.InetText;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which names the local authority issues for: those that no public authority can, because they mean something else on every
 * machine. {@code localhost} and what is under it (RFC 6761, 6.3), what is under {@code test} (6.2), and addresses that lead
 * nowhere from outside: loopback, private (RFC 1918, RFC 4193) and link-local ones.
 */
public final class LocalNames {
    /** Domains that the root is bound to, each with what is under it (RFC 5280, 4.2.1.10). */
    static final List<String> DOMAINS = List.of("localhost", "test");

    /** Networks that the root is bound to. */
    static final List<Network> NETWORKS = Stream.of(
                    "127.0.0.0/8",
                    "10.0.0.0/8",
                    "172.16.0.0/12",
                    "192.168.0.0/16",
                    "169.254.0.0/16",
                    "::1/128",
                    "fc00::/7",
                    "fe80::/10")
            .map(network -> Objects.requireNonNull(Network.parse(network)))
            .toList();

    /** Octets of a name, and of one of its labels (RFC 1035, 2.3.4). */
    private static final int LONGEST = 253;

    private static final int LONGEST_LABEL = 63;

    private LocalNames() {}

    /** Whether there can be a certificate for a name or an address; as {@link #canonical} takes it. */
    public static boolean isLocal(String name) {
        return canonical(name) != null;
    }

    /**
     * The name as it stands in a certificate: in lower case, an address as {@link InetText} writes it. Null if it is not local.
     *
     * @param name a domain name, also with {@code *.} before it or with a final dot; an address, also in brackets and with a
     *     zone
     */
    static @Nullable String canonical(String name) {
        byte[] address = address(name);
        if (address != null) {
            return NETWORKS.stream().anyMatch(network -> network.contains(address)) ? InetText.of(address) : null;
        }
        String lower = lower(name);
        boolean local = lower.equals("localhost") || DOMAINS.stream().anyMatch(domain -> lower.endsWith("." + domain));
        return local && isName(lower.startsWith("*.") ? lower.substring(2) : lower) ? lower : null;
    }

    /** Octets of an address; null if the text is none. */
    static byte @Nullable [] address(String text) {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        String bare = bracketed ? text.substring(1, text.length() - 1) : text;
        int zone = bare.indexOf('%');
        byte[] address = IpText.parse(zone < 0 ? bare : bare.substring(0, zone));
        return address == null ? null : IpText.unmapped(address);
    }

    private static String lower(String name) {
        String lower = name.toLowerCase(java.util.Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    /** Labels of letters, digits, hyphens and, as browsers let them pass, underscores. */
    private static boolean isName(String name) {
        if (name.length() > LONGEST) {
            return false;
        }
        int label = 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '.') {
                if (label == 0) {
                    return false;
                }
                label = 0;
            } else if (c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_') {
                if (++label > LONGEST_LABEL) {
                    return false;
                }
            } else {
                return false;
            }
        }
        return label > 0;
    }
}
