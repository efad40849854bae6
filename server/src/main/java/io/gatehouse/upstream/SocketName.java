package io.gatehouse.upstream;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;

/** An address as nginx writes it into {@code $upstream_addr} and its log. */
public final class SocketName {
    private SocketName() {}

    /** {@code 127.0.0.1:80}, {@code [::1]:80} or {@code unix:/path}, as an octet string. */
    public static String of(SocketAddress address) {
        if (address instanceof UnixDomainSocketAddress unix) {
            byte[] path = unix.getPath().toString().getBytes(StandardCharsets.UTF_8);
            return "unix:" + new String(path, StandardCharsets.ISO_8859_1);
        }
        if (!(address instanceof InetSocketAddress inet) || inet.isUnresolved()) {
            return address.toString();
        }
        if (inet.getAddress() instanceof Inet6Address six) {
            return "[" + text(six.getAddress()) + "]:" + inet.getPort();
        }
        return inet.getAddress().getHostAddress() + ":" + inet.getPort();
    }

    /** RFC 5952, with nginx's idea of where an embedded IPv4 address is written as one. */
    private static String text(byte[] octets) {
        int zeros = -1;
        int most = 1;
        for (int i = 0; i < 8; i++) {
            int run = 0;
            while (i + run < 8 && group(octets, i + run) == 0) {
                run++;
            }
            if (run > most) {
                zeros = i;
                most = run;
            }
            i += Math.max(run - 1, 0);
        }
        boolean embedded = zeros == 0
                && (most == 5 && group(octets, 5) == 0xffff
                        || most == 6
                        || most == 7 && octets[14] != 0 && octets[15] != 1);
        StringBuilder text = new StringBuilder(39);
        if (zeros == 0) {
            text.append(':');
        }
        for (int i = 0; i < (embedded ? 6 : 8); i++) {
            if (i == zeros) {
                text.append(':');
                i += most - 1;
                continue;
            }
            text.append(Integer.toHexString(group(octets, i)));
            if (i < 7) {
                text.append(':');
            }
        }
        if (embedded) {
            for (int i = 12; i < 16; i++) {
                text.append(octets[i] & 0xff).append(i < 15 ? "." : "");
            }
        }
        return text.toString();
    }

    private static int group(byte[] octets, int index) {
        return (octets[2 * index] & 0xff) << 8 | octets[2 * index + 1] & 0xff;
    }
}
