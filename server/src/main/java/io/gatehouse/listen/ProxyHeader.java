package io.gatehouse.listen;

import io.gatehouse.text.Ascii;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy says of a connection that it passes on, before anything else on it (the PROXY protocol, versions 1 and 2).
 * Addresses are texts as version 1 has them, or as nginx writes the octets of version 2.
 *
 * @param tlvs further values of version 2: a type of one octet, a length of two and the value, one after another
 */
public record ProxyHeader(
        String sourceAddress, int sourcePort, String destinationAddress, int destinationPort, byte[] tlvs) {
    private static final int SSL = 0x20;
    /** What stands before the values within {@link #SSL}: flags, and the result of the verification in four octets. */
    private static final int SSL_HEAD = 5;

    private static final int HEAD = 3;
    private static final int HIGHEST_TYPE = 255;

    private static final Map<String, Integer> TYPES =
            Map.of("alpn", 0x01, "authority", 0x02, "unique_id", 0x05, "ssl", SSL, "netns", 0x30);
    private static final Map<String, Integer> SSL_TYPES =
            Map.of("version", 0x21, "cn", 0x22, "cipher", 0x23, "sig_alg", 0x24, "key_alg", 0x25);

    /** The values cannot be told apart, or the name asks for none; the message is a line for the log. */
    public static final class NoSuchTlv extends Exception {
        private static final long serialVersionUID = 1;

        NoSuchTlv(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * A value by its name in {@code $proxy_protocol_tlv_NAME}: {@code alpn}, {@code 0x01}, {@code ssl_version}, {@code
     * ssl_0x21}, {@code ssl_verify}; an octet string, null if there is none.
     */
    public @Nullable String tlv(String name) throws NoSuchTlv {
        if (!name.startsWith("ssl_")) {
            return find(tlvs, 0, tlvs.length, type(name, name, TYPES));
        }
        String within = name.substring("ssl_".length());
        int at = offset(tlvs, 0, tlvs.length, SSL);
        if (at < 0) {
            return null;
        }
        int length = length(tlvs, at);
        int from = at + HEAD;
        if (length < SSL_HEAD) {
            throw broken();
        }
        if (within.equals("verify")) {
            long verify = (tlvs[from + 1] & 255L) << 24
                    | (tlvs[from + 2] & 255) << 16
                    | (tlvs[from + 3] & 255) << 8
                    | tlvs[from + 4] & 255;
            return Long.toString(verify);
        }
        return find(tlvs, from + SSL_HEAD, from + length, type(within, name, SSL_TYPES));
    }

    private static int type(String name, String whole, Map<String, Integer> known) throws NoSuchTlv {
        if (name.startsWith("0x")) {
            int type = 0;
            for (int i = 2; i < name.length(); i++) {
                int digit = Ascii.hexDigit(name.charAt(i));
                if (digit < 0) {
                    throw new NoSuchTlv("invalid PROXY protocol TLV \"" + whole + "\"");
                }
                type = Math.min(type << 4 | digit, HIGHEST_TYPE + 1);
            }
            if (name.length() == 2) {
                throw new NoSuchTlv("invalid PROXY protocol TLV \"" + whole + "\"");
            }
            return type;
        }
        Integer type = known.get(name);
        if (type == null) {
            throw new NoSuchTlv("unknown PROXY protocol TLV \"" + whole + "\"");
        }
        return type;
    }

    private static @Nullable String find(byte[] tlvs, int from, int to, int type) throws NoSuchTlv {
        int at = offset(tlvs, from, to, type);
        return at < 0 ? null : new String(tlvs, at + HEAD, length(tlvs, at), StandardCharsets.ISO_8859_1);
    }

    /** Where the value of that type begins, its head included; -1 if there is none. */
    private static int offset(byte[] tlvs, int from, int to, int type) throws NoSuchTlv {
        int at = from;
        while (at < to) {
            if (to - at < HEAD || to - at - HEAD < length(tlvs, at)) {
                throw broken();
            }
            if ((tlvs[at] & 255) == type) {
                return at;
            }
            at += HEAD + length(tlvs, at);
        }
        return -1;
    }

    private static int length(byte[] tlvs, int at) {
        return (tlvs[at + 1] & 255) << 8 | tlvs[at + 2] & 255;
    }

    private static NoSuchTlv broken() {
        return new NoSuchTlv("broken PROXY protocol TLV");
    }
}
