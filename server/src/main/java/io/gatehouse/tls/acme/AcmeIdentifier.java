package io.gatehouse.tls.acme;

import io.gatehouse.address.IpText;
import io.gatehouse.text.InetText;
import java.net.IDN;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Whom a certificate is for: a DNS name, or an IP address (RFC 8738).
 *
 * @param text a name in lower case and in the form DNS has (RFC 5891), or an address in its canonical form (RFC 5952)
 * @param isAddress whether it is an address
 */
public record AcmeIdentifier(String text, boolean isAddress) {
    private static final int LONGEST_NAME = 253;
    private static final int LONGEST_LABEL = 63;

    /**
     * Reads one as it is written in a configuration.
     *
     * @param said in UTF-8 that was decoded
     * @throws InvalidIdentifier for what no authority gives a certificate for by the challenges there are here
     */
    public static AcmeIdentifier of(String said) throws InvalidIdentifier {
        String bare = said.startsWith("[") && said.endsWith("]") ? said.substring(1, said.length() - 1) : said;
        byte[] octets = IpText.parse(bare);
        if (octets != null) {
            return new AcmeIdentifier(InetText.of(octets), true);
        }
        if (said.contains("*")) {
            throw new InvalidIdentifier("wildcard \"" + said
                    + "\" is not possible: authorities give such certificates by the dns-01 challenge only;"
                    + " name each host");
        }
        return new AcmeIdentifier(name(said), false);
    }

    private static String name(String said) throws InvalidIdentifier {
        String name;
        try {
            name = IDN.toASCII(said, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            throw new InvalidIdentifier("\"" + said + "\" is no host name");
        }
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            throw new InvalidIdentifier("\"" + said + "\" is no host name");
        }
        String[] labels = name.split("\\.", -1);
        for (String label : labels) {
            if (label.isEmpty() || label.length() > LONGEST_LABEL) {
                throw new InvalidIdentifier("\"" + said + "\" is no host name");
            }
        }
        if (labels[labels.length - 1].chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new InvalidIdentifier("\"" + said + "\" is neither a host name nor an IP address");
        }
        return name;
    }

    /**
     * The name by which an authority asks for it in a TLS handshake: an address under {@code in-addr.arpa} or
     * {@code ip6.arpa} (RFC 8738, 6).
     */
    public String serverName() {
        if (!isAddress) {
            return text;
        }
        byte[] octets = java.util.Objects.requireNonNull(IpText.parse(text));
        StringBuilder name = new StringBuilder();
        for (int i = octets.length - 1; i >= 0; i--) {
            if (octets.length == 4) {
                name.append(octets[i] & 255).append('.');
            } else {
                name.append(HexFormat.of().toLowHexDigit(octets[i])).append('.');
                name.append(HexFormat.of().toLowHexDigit(octets[i] >> 4)).append('.');
            }
        }
        return name.append(octets.length == 4 ? "in-addr.arpa" : "ip6.arpa").toString();
    }

    @Override
    public String toString() {
        return text;
    }
}
