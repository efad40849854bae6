package io.gatehouse.observe.log;

import java.net.Inet6Address;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code syslog:server=...,facility=...,severity=...,tag=...,nohostname} says.
 *
 * @param server where to send to
 * @param facility 0 to 23 (RFC 3164, 4.1.1)
 * @param severity of access log lines; those of an error log have their level's
 * @param tag what stands before the message, an octet string
 */
public record SyslogSpec(Server server, int facility, Level severity, String tag, boolean nohostname) {
    private static final List<String> FACILITIES = List.of(
            "kern",
            "user",
            "mail",
            "daemon",
            "auth",
            "intern",
            "lpr",
            "news",
            "uucp",
            "clock",
            "authpriv",
            "ftp",
            "ntp",
            "audit",
            "alert",
            "cron",
            "local0",
            "local1",
            "local2",
            "local3",
            "local4",
            "local5",
            "local6",
            "local7");
    private static final int DEFAULT_PORT = 514;
    private static final int LONGEST_TAG = 32;
    private static final int LONGEST_UNIX_PATH = 107;

    /** Where syslog messages go. */
    public sealed interface Server {
        /** As it stands in the configuration. */
        String text();
    }

    /**
     * @param host a name, an IPv4 address, or an IPv6 address without brackets
     */
    public record Udp(String text, String host, int port) implements Server {}

    /**
     * @param path of a datagram socket, an octet string
     */
    public record Unix(String text, String path) implements Server {}

    /** Whether a log's target is one of these. */
    static boolean names(String target) {
        return target.startsWith("syslog:");
    }

    /** @param target the first argument of {@code access_log} or {@code error_log}, with {@code syslog:} */
    public static SyslogSpec parse(String target) throws InvalidLogArgument {
        Parsing parsing = new Parsing();
        for (String parameter : target.substring("syslog:".length()).split(",", -1)) {
            parsing.parameter(parameter);
        }
        return parsing.spec();
    }

    private static InvalidLogArgument wrong(String message) {
        return new InvalidLogArgument(0, message);
    }

    private static final class Parsing {
        private @Nullable Server server;
        private int facility = -1;
        private @Nullable Level severity;
        private @Nullable String tag;
        private boolean nohostname;

        void parameter(String p) throws InvalidLogArgument {
            if (p.startsWith("server=")) {
                once(server == null, "server");
                server = server(p.substring(7));
            } else if (p.startsWith("facility=")) {
                once(facility < 0, "facility");
                facility = FACILITIES.indexOf(p.substring(9));
                if (facility < 0) {
                    throw wrong("unknown syslog facility \"" + p.substring(9) + "\"");
                }
            } else if (p.startsWith("severity=")) {
                once(severity == null, "severity");
                severity = Level.of(p.substring(9));
                if (severity == null) {
                    throw wrong("unknown syslog severity \"" + p.substring(9) + "\"");
                }
            } else if (p.startsWith("tag=")) {
                once(tag == null, "tag");
                tag = tag(p.substring(4));
            } else if (p.equals("nohostname")) {
                nohostname = true;
            } else {
                throw wrong("unknown syslog parameter \"" + p + "\"");
            }
        }

        private static void once(boolean first, String name) throws InvalidLogArgument {
            if (!first) {
                throw wrong("duplicate syslog \"" + name + "\"");
            }
        }

        private static String tag(String tag) throws InvalidLogArgument {
            if (tag.length() > LONGEST_TAG) {
                throw wrong("syslog tag length exceeds 32");
            }
            for (int i = 0; i < tag.length(); i++) {
                char c = tag.charAt(i);
                char lower = (char) (c | 0x20);
                if ((c < '0' || c > '9') && (lower < 'a' || lower > 'z') && c != '_') {
                    throw wrong("syslog \"tag\" only allows alphanumeric characters and underscore");
                }
            }
            return tag;
        }

        SyslogSpec spec() throws InvalidLogArgument {
            if (server == null) {
                throw wrong("no syslog server specified");
            }
            return new SyslogSpec(
                    server,
                    facility < 0 ? FACILITIES.indexOf("local7") : facility,
                    severity == null ? Level.INFO : severity,
                    tag == null ? "nginx" : tag,
                    nohostname);
        }
    }

    private static Server server(String text) throws InvalidLogArgument {
        if (text.regionMatches(true, 0, "unix:", 0, 5)) {
            return unix(text);
        }
        return text.startsWith("[") ? ipv6(text) : ipv4OrName(text);
    }

    private static Server unix(String text) throws InvalidLogArgument {
        String path = text.substring(5);
        if (path.isEmpty()) {
            throw wrongServer("no path in the unix domain socket", text);
        }
        if (path.length() > LONGEST_UNIX_PATH) {
            throw wrongServer("too long path in the unix domain socket", text);
        }
        return new Unix(text, path);
    }

    private static Server ipv6(String text) throws InvalidLogArgument {
        int end = text.indexOf(']');
        if (end < 0 || text.indexOf('/', end) >= 0) {
            throw wrongServer("invalid host", text);
        }
        int port = DEFAULT_PORT;
        if (end + 1 < text.length()) {
            if (text.charAt(end + 1) != ':') {
                throw wrongServer("invalid host", text);
            }
            port = port(text.substring(end + 2), text);
        }
        String host = text.substring(1, end);
        if (host.isEmpty()) {
            throw wrongServer("no host", text);
        }
        try {
            if (host.indexOf('%') >= 0) {
                throw new IllegalArgumentException(host);
            }
            Inet6Address.ofLiteral(host);
        } catch (IllegalArgumentException e) {
            throw wrongServer("invalid IPv6 address", text);
        }
        return new Udp(text, host, port);
    }

    private static Server ipv4OrName(String text) throws InvalidLogArgument {
        if (text.indexOf('/') >= 0 || text.indexOf('?') >= 0) {
            throw wrongServer("invalid host", text);
        }
        int colon = text.indexOf(':');
        int port = colon < 0 ? DEFAULT_PORT : port(text.substring(colon + 1), text);
        String host = colon < 0 ? text : text.substring(0, colon);
        if (host.isEmpty()) {
            throw wrongServer("no host", text);
        }
        return new Udp(text, host, port);
    }

    private static int port(String digits, String text) throws InvalidLogArgument {
        long port = Quantities.number(digits);
        if (port < 1 || port > 65535) {
            throw wrongServer("invalid port", text);
        }
        return (int) port;
    }

    private static InvalidLogArgument wrongServer(String what, String text) {
        return wrong(what + " in syslog server \"" + text + "\"");
    }
}
