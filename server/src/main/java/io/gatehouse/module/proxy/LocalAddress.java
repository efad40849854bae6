package io.gatehouse.module.proxy;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Template;
import io.gatehouse.observe.log.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * {@code proxy_bind}: the address that connections to applications come from.
 *
 * @param fixed where it is known when the configuration is built
 * @param template where it has variables
 */
record LocalAddress(@Nullable SocketAddress fixed, @Nullable Template template, boolean transparent) {
    static final LocalAddress OFF = new LocalAddress(null, null, false);

    boolean isOff() {
        return fixed == null && template == null;
    }

    /** The address for this request; null for any. */
    @Nullable
    SocketAddress of(Exchange x) {
        if (template == null) {
            return fixed;
        }
        String text = template.eval(x);
        if (text.isEmpty()) {
            return null;
        }
        SocketAddress address = parse(text);
        if (address == null) {
            x.log(Level.ERROR, "invalid local address \"" + text + "\"");
        }
        return address;
    }

    /** An address with or without a port ({@code 127.0.0.1}, {@code [::1]:0}, {@code ::1}); null if the text is none. */
    static @Nullable SocketAddress parse(String text) {
        String host = text;
        int port = 0;
        int colon = text.startsWith("[") ? text.indexOf(':', text.indexOf(']') + 1) : text.indexOf(':');
        boolean bareIpv6 = !text.startsWith("[") && colon >= 0 && text.indexOf(':', colon + 1) >= 0;
        if (colon >= 0 && !bareIpv6) {
            host = text.substring(0, colon);
            try {
                port = Integer.parseInt(text, colon + 1, text.length(), 10);
            } catch (NumberFormatException e) {
                return null;
            }
        }
        if (port < 0 || port > 65535 || host.isEmpty()) {
            return null;
        }
        try {
            String literal = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
            return new InetSocketAddress(InetAddress.ofLiteral(literal), port);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
