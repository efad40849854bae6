package io.gatehouse.address;

import io.gatehouse.text.Ascii;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A network: {@code 192.0.2.0/24}, {@code 2001:db8::/32}, {@code 127.0.0.1}, or unix sockets.
 *
 * @param base the first address, 4 or 16 octets; none for unix sockets
 * @param length bits that count
 */
public record Network(byte[] base, int length) {
    /** {@code unix:} */
    public static final Network UNIX = new Network(new byte[0], 0);

    /** Reads a network; null if the text is none. Bits behind the length are cleared ({@link #isExact}). */
    public static @Nullable Network parse(String text) {
        int slash = text.indexOf('/');
        byte[] address = IpText.parse(slash < 0 ? text : text.substring(0, slash));
        if (address == null || address.length == 4 && Arrays.equals(address, new byte[] {-1, -1, -1, -1})) {
            // nginx takes the address of everybody for no address
            return null;
        }
        int bits = address.length * 8;
        int length = slash < 0 ? bits : length(text, slash + 1);
        if (length < 0 || length > bits) {
            return null;
        }
        return new Network(masked(address, length), length);
    }

    /** Whether the text of a network that {@link #parse} can read has no bits behind its length. */
    public static boolean isExact(String text) {
        Network network = parse(text);
        int slash = text.indexOf('/');
        return network != null
                && Arrays.equals(network.base, IpText.parse(slash < 0 ? text : text.substring(0, slash)));
    }

    private static int length(String text, int from) {
        if (from == text.length() || text.length() - from > 3) {
            return -1;
        }
        int length = 0;
        for (int i = from; i < text.length(); i++) {
            if (!Ascii.isDigit(text.charAt(i))) {
                return -1;
            }
            length = length * 10 + text.charAt(i) - '0';
        }
        return length;
    }

    private static byte[] masked(byte[] address, int length) {
        byte[] base = new byte[address.length];
        for (int i = 0; i < base.length; i++) {
            int bits = Math.clamp(length - 8L * i, 0, 8);
            base[i] = (byte) (address[i] & 0xff << 8 - bits);
        }
        return base;
    }

    /**
     * Whether the address lies in it. An IPv6 address that stands for an IPv4 one is looked for as that, too.
     *
     * @param address 4 or 16 octets; none for a unix socket
     */
    public boolean contains(byte[] address) {
        byte[] candidate = base.length == 4 ? IpText.unmapped(address) : address;
        if (candidate.length != base.length) {
            return false;
        }
        int whole = length / 8;
        if (!Arrays.equals(base, 0, whole, candidate, 0, whole)) {
            return false;
        }
        int rest = length % 8;
        return rest == 0 || ((base[whole] ^ candidate[whole]) & 0xff) >> 8 - rest == 0;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Network that && length == that.length && Arrays.equals(base, that.base);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(base) * 31 + length;
    }
}
