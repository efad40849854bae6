package io.gatehouse.upstream;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where an application is, as {@code proxy_pass} (behind the scheme) and {@code server} of an {@code upstream} write it: a
 * host or group with or without a port, a unix socket, and perhaps a URI behind it. Octet strings.
 *
 * @param text as written, without the URI
 * @param host as written, IPv6 in brackets; empty for a unix socket
 * @param portText the port as written; empty if there is none
 * @param port the port, or the default one
 * @param uri from the first slash or question mark on; empty if there is none
 * @param literal the address if no name has to be resolved, else null
 */
public record HostUrl(
        String text,
        String host,
        String portText,
        int port,
        String uri,
        @Nullable SocketAddress literal) {
    private static final int UNIX_PATH_MAX = 107;

    /** What is wrong with a text; the message is nginx's ("invalid port"), without the place. */
    public static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * @param withUri whether a URI may stand behind the host
     * @throws Malformed if it is none
     */
    public static HostUrl parse(String text, int defaultPort, boolean withUri) throws Malformed {
        if (text.regionMatches(true, 0, "unix:", 0, 5)) {
            return unix(text, withUri);
        }
        int afterHost = 0;
        if (text.startsWith("[")) {
            afterHost = text.indexOf(']') + 1;
            if (afterHost == 0) {
                throw new Malformed("invalid host");
            }
        }
        int uriAt = uriStart(text, afterHost);
        if (uriAt < text.length() && !withUri) {
            throw new Malformed("invalid host");
        }
        String authority = text.substring(0, uriAt);
        int colon = authority.indexOf(':', afterHost);
        if (afterHost > 0 && afterHost < authority.length() && colon != afterHost) {
            throw new Malformed("invalid host");
        }
        String host = colon < 0 ? authority : authority.substring(0, colon);
        String portText = colon < 0 ? "" : authority.substring(colon + 1);
        int port = colon < 0 ? defaultPort : port(portText);
        if (host.isEmpty()) {
            throw new Malformed("no host");
        }
        InetAddress address = literal(host);
        return new HostUrl(
                authority,
                host,
                portText,
                port,
                text.substring(uriAt),
                address == null ? null : new InetSocketAddress(address, port));
    }

    private static HostUrl unix(String text, boolean withUri) throws Malformed {
        int end = withUri ? text.indexOf(':', 5) : -1;
        String path = end < 0 ? text.substring(5) : text.substring(5, end);
        if (path.isEmpty()) {
            throw new Malformed("no path in the unix domain socket");
        }
        if (path.length() > UNIX_PATH_MAX) {
            throw new Malformed("too long path in the unix domain socket");
        }
        Path file = Path.of(new String(path.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
        return new HostUrl(
                "unix:" + path, "", "", 0, end < 0 ? "" : text.substring(end + 1), UnixDomainSocketAddress.of(file));
    }

    private static int uriStart(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '/' || c == '?') {
                return i;
            }
        }
        return text.length();
    }

    private static int port(String text) throws Malformed {
        if (text.isEmpty() || text.length() > 5 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new Malformed("invalid port");
        }
        int port = Integer.parseInt(text);
        if (port < 1 || port > 65535) {
            throw new Malformed("invalid port");
        }
        return port;
    }

    private static @Nullable InetAddress literal(String host) throws Malformed {
        try {
            if (host.startsWith("[")) {
                return InetAddress.ofLiteral(host.substring(1, host.length() - 1));
            }
            return isDotted(host) ? InetAddress.ofLiteral(host) : null;
        } catch (IllegalArgumentException e) {
            if (host.startsWith("[")) {
                throw new Malformed("invalid IPv6 address");
            }
            return null;
        }
    }

    private static boolean isDotted(String host) {
        int dots = 0;
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c == '.') {
                dots++;
            } else if (c < '0' || c > '9') {
                return false;
            }
        }
        return dots == 3;
    }

    public boolean isUnix() {
        return host.isEmpty();
    }

    public boolean hasPort() {
        return !portText.isEmpty();
    }

    /**
     * The addresses, asking the system's resolver where a name stands; for the time when a configuration is read.
     *
     * @throws Malformed "host not found"
     */
    public List<SocketAddress> resolve() throws Malformed {
        SocketAddress known = literal;
        if (known != null) {
            return List.of(known);
        }
        try {
            List<SocketAddress> found = new ArrayList<>();
            for (InetAddress address : InetAddress.getAllByName(host)) {
                found.add(new InetSocketAddress(address, port));
            }
            return found;
        } catch (UnknownHostException e) {
            throw new Malformed("host not found");
        }
    }
}
