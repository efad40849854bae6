package io.gatehouse.cli.up;

import io.gatehouse.address.IpText;
import io.gatehouse.address.Network;
import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A name under which a site is opened: a host name in lower case (of international ones the form for DNS, RFC 5891), or an
 * address without brackets.
 *
 * @param reach who can get to what listens for it
 */
public record SiteName(String text, Reach reach) {
    /** Where a name leads, which decides who certifies it and where it is listened for. */
    public enum Reach {
        /** To this machine itself; nobody else can come. */
        LOOPBACK,
        /** To a machine of this network, under a name that no public authority certifies. */
        PRIVATE,
        /** To a machine of the internet, as far as a name tells. */
        PUBLIC,
    }

    private static final int MAX_LENGTH = 253;
    private static final String LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?";
    private static final String HOST = "(?:\\*\\.)?" + LABEL + "(?:\\." + LABEL + ")*";

    private static final List<Network> LOOPBACKS = networks("127.0.0.0/8", "::1");
    /** RFC 1918, 3927, 6598, 4193 and 4291. */
    private static final List<Network> PRIVATES = networks(
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "169.254.0.0/16",
            "100.64.0.0/10",
            "fc00::/7",
            "fe80::/10");

    /** Of carriers (RFC 6598): no authority knows whose they are. */
    private static final Network SHARED = Objects.requireNonNull(Network.parse("100.64.0.0/10"));

    /** Names of one's own network (RFC 6762, RFC 8375 and what ICANN keeps free for it). */
    private static final List<String> PRIVATE_ENDS = List.of(".test", ".local", ".internal", ".home.arpa", ".lan");

    private static List<Network> networks(String... texts) {
        return Stream.of(texts)
                .map(text -> Objects.requireNonNull(Network.parse(text)))
                .toList();
    }

    /** @throws Refusal if the text is no name; says what was found and what was expected */
    public static SiteName of(String text) throws Refusal {
        if (text.contains("://")) {
            throw new Refusal("\"" + text + "\" is a URL; expected the name alone, such as "
                    + text.replaceFirst("^.*?://", "").replaceFirst("[/:?#].*$", ""));
        }
        String bare = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        byte[] address = IpText.parse(bare);
        if (address != null) {
            return new SiteName(bare.toLowerCase(Locale.ROOT), ofAddress(address));
        }
        if (text.matches(".*:\\d+")) {
            throw new Refusal("\"" + text + "\" has a port; expected the name alone, and --port "
                    + text.substring(text.lastIndexOf(':') + 1));
        }
        String name = ascii(text.endsWith(".") ? text.substring(0, text.length() - 1) : text);
        if (name.length() > MAX_LENGTH || !name.matches(HOST) || name.matches("[0-9.]+")) {
            throw new Refusal("\"" + text + "\" is no name of a host; expected one such as paperclip.example.com");
        }
        return new SiteName(name, ofHost(name));
    }

    private static String ascii(String text) {
        try {
            return text.startsWith("*.")
                    ? "*." + IDN.toASCII(text.substring(2)).toLowerCase(Locale.ROOT)
                    : IDN.toASCII(text).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException notPossible) {
            return "";
        }
    }

    private static Reach ofAddress(byte[] address) {
        if (LOOPBACKS.stream().anyMatch(network -> network.contains(address))) {
            return Reach.LOOPBACK;
        }
        return PRIVATES.stream().anyMatch(network -> network.contains(address)) ? Reach.PRIVATE : Reach.PUBLIC;
    }

    private static Reach ofHost(String name) {
        if (name.equals("localhost") || name.endsWith(".localhost")) {
            return Reach.LOOPBACK;
        }
        boolean privately = name.indexOf('.') < 0 || PRIVATE_ENDS.stream().anyMatch(name::endsWith);
        if (!privately) {
            return Reach.PUBLIC;
        }
        return leadsHere(name) ? Reach.LOOPBACK : Reach.PRIVATE;
    }

    /** Whether a private name leads to this machine alone, or nowhere yet. */
    private static boolean leadsHere(String name) {
        try {
            return Stream.of(InetAddress.getAllByName(name.replaceFirst("^\\*\\.", "any.")))
                    .allMatch(InetAddress::isLoopbackAddress);
        } catch (UnknownHostException unknown) {
            return true;
        }
    }

    /** Whether some authority can certify it: a public one, or the one of this machine. */
    public boolean isCertifiable() {
        byte[] address = IpText.parse(text);
        if (address != null) {
            return !SHARED.contains(address);
        }
        return reach == Reach.PUBLIC
                || text.equals("localhost")
                || text.endsWith(".localhost")
                || text.endsWith(".test");
    }

    /**
     * Whether every client names it in the TLS handshake: no address may stand there (RFC 6066, 3), and some leave out what
     * has no dot.
     */
    public boolean isInHandshakes() {
        return IpText.parse(text) == null && text.indexOf('.') > 0;
    }

    public boolean isWildcard() {
        return text.startsWith("*.");
    }

    /** As it stands in a URL and in a Host field. */
    public String inUrl() {
        return text.indexOf(':') >= 0 ? "[" + text + "]" : text;
    }
}
