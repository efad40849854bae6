package io.gatehouse.listen;

import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.text.InetText;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Addresses as {@code listen} writes them. */
public final class Addresses {
    private static final int UNIX_PATH_MAX = 107;

    private Addresses() {}

    /**
     * The addresses that the text names: {@code 80}, {@code *:80}, {@code 127.0.0.1:80}, {@code 127.0.0.1}, {@code [::1]:80},
     * {@code localhost:80}, {@code 8000-8010}, {@code unix:/path}. Names are resolved now.
     *
     * @throws ConfigException in nginx's words
     */
    public static List<SocketAddress> parse(Word word, int defaultPort) {
        String text = word.text();
        if (text.startsWith("unix:")) {
            return List.of(unix(word, text.substring(5)));
        }
        String host = text;
        String port = null;
        boolean v6 = text.startsWith("[");
        if (v6) {
            int close = text.indexOf(']');
            if (close < 0 || close + 1 < text.length() && text.charAt(close + 1) != ':') {
                throw bad("invalid host", word);
            }
            host = text.substring(1, close);
            port = close + 1 < text.length() ? text.substring(close + 2) : null;
        } else if (text.indexOf(':') >= 0) {
            host = text.substring(0, text.indexOf(':'));
            port = text.substring(text.indexOf(':') + 1);
            if (port.indexOf(':') >= 0) {
                throw bad("invalid port", word).withHint("an IPv6 address stands in brackets: [::1]:80");
            }
        } else if (isPorts(text)) {
            host = "*";
            port = text;
        }
        if (host.isEmpty()) {
            throw bad("no host", word);
        }
        String ports = port == null ? Integer.toString(defaultPort) : port;
        int dash = ports.indexOf('-');
        int first = port(dash < 0 ? ports : ports.substring(0, dash), word);
        int last = dash < 0 ? first : port(ports.substring(dash + 1), word);
        if (last < first) {
            throw bad("invalid port range", word);
        }
        List<SocketAddress> found = new ArrayList<>();
        for (InetAddress address : v6 ? List.of(literal(host, word)) : resolve(host, word)) {
            for (int number = first; number <= last; number++) {
                found.add(new InetSocketAddress(address, number));
            }
        }
        return found;
    }

    /** Whether the text is a port, or a range of ports. */
    private static boolean isPorts(String text) {
        int dash = text.indexOf('-');
        return dash < 0 ? isNumber(text) : isNumber(text.substring(0, dash)) && isNumber(text.substring(dash + 1));
    }

    private static SocketAddress unix(Word word, String path) {
        if (path.isEmpty()) {
            throw bad("no path in the unix domain socket", word);
        }
        if (path.length() > UNIX_PATH_MAX) {
            throw bad("too long path in the unix domain socket", word);
        }
        return UnixDomainSocketAddress.of(
                Path.of(new String(path.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)));
    }

    private static int port(String port, Word word) {
        if (!isNumber(port) || port.length() > 5 || Integer.parseInt(port) > 65535 || Integer.parseInt(port) < 1) {
            throw bad("invalid port", word);
        }
        return Integer.parseInt(port);
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static InetAddress literal(String host, Word word) {
        try {
            if (host.indexOf(':') >= 0) {
                InetAddress parsed = InetAddress.getByName("[" + host + "]");
                return parsed instanceof Inet6Address ? parsed : Inet6Address.getByAddress(null, mapped(parsed), 0);
            }
        } catch (UnknownHostException notAnAddress) {
            // told below
        }
        throw bad("invalid IPv6 address", word);
    }

    private static byte[] mapped(InetAddress v4) {
        byte[] raw = new byte[16];
        raw[10] = (byte) 0xff;
        raw[11] = (byte) 0xff;
        System.arraycopy(v4.getAddress(), 0, raw, 12, 4);
        return raw;
    }

    private static List<InetAddress> resolve(String host, Word word) {
        try {
            if (host.equals("*")) {
                return List.of(InetAddress.getByAddress(new byte[4]));
            }
            return List.of(InetAddress.getAllByName(host));
        } catch (UnknownHostException e) {
            throw bad("host not found", word);
        }
    }

    private static ConfigException bad(String why, Word word) {
        return ConfigException.at(word.at(), word, why + " in \"" + word.text() + "\" of the \"listen\" directive");
    }

    /** As nginx writes it: with a port, IPv6 in brackets. */
    public static String text(SocketAddress address) {
        if (address instanceof InetSocketAddress inet) {
            String ip = InetText.of(inet.getAddress().getAddress());
            return (ip.indexOf(':') >= 0 ? "[" + ip + "]" : ip) + ":" + inet.getPort();
        }
        if (address instanceof UnixDomainSocketAddress unix) {
            return "unix:"
                    + new String(
                            unix.getPath().toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        }
        return address.toString();
    }
}
