package io.gatehouse.upstream;

import io.gatehouse.text.InetText;
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
        String host = InetText.of(inet.getAddress().getAddress());
        return (inet.getAddress() instanceof Inet6Address ? "[" + host + "]:" : host + ":") + inet.getPort();
    }
}
