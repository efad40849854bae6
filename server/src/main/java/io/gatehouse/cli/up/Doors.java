package io.gatehouse.cli.up;

import io.gatehouse.cli.up.PortCheck.Found;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a site is listened for.
 *
 * @param hosts addresses as in {@code listen}: {@code 127.0.0.1}, {@code [::]}, {@code *}
 * @param port of HTTPS, or of HTTP where the site has no TLS of its own
 * @param httpPort from which clients are sent to HTTPS; 0 for none
 * @param remarks why a port is not the usual one
 */
public record Doors(List<String> hosts, int port, int httpPort, List<String> remarks) {
    public static final int HTTPS = 443;
    public static final int HTTP = 80;
    public static final int PLAIN = 8080;
    private static final int OTHER_HTTPS = 8443;
    private static final int OTHER_HTTP = 8080;
    /** So many ports from the other one on are tried. */
    private static final int TRIES = 10;

    /** What the command line says; -1 where it says nothing. */
    public record Wanted(List<String> hosts, int port, int httpPort) {}

    /** Those of a file, which is not run here and now. */
    public static Doors ofFile(Wanted wanted, SiteName.Reach reach, int usual) {
        int port = wanted.port() < 0 ? usual : wanted.port();
        return new Doors(hosts(wanted, reach), port, httpPort(wanted, reach, usual), List.of());
    }

    private static int httpPort(Wanted wanted, SiteName.Reach reach, int usual) {
        if (usual != HTTPS || wanted.httpPort() >= 0) {
            return Math.max(0, wanted.httpPort());
        }
        // Who wants another port for HTTPS of a name of this machine does not want to hear of 80.
        return wanted.port() >= 0 && reach == SiteName.Reach.LOOPBACK ? 0 : HTTP;
    }

    /**
     * Those that can be had now. A name of one's own takes other ports where it may not have the usual ones; a public name
     * needs them.
     *
     * @param again the command as it was typed, for advice
     */
    public static Doors open(Wanted wanted, SiteName.Reach reach, int usual, Typed again) throws Refusal {
        Doors usually = ofFile(wanted, reach, usual);
        if (System.getenv("LISTEN_FDS") != null) {
            // The sockets are open already, and are the service manager's.
            return usually;
        }
        List<InetAddress> addresses = addresses(usually.hosts());
        boolean bends = reach != SiteName.Reach.PUBLIC && usual == HTTPS;
        List<String> remarks = new ArrayList<>();
        int port = usually.port();
        Found found = PortCheck.of(port, addresses);
        if (found != Found.FREE) {
            if (!bends || wanted.port() >= 0) {
                throw new Refusal(
                        cannotHave(port, "--port", found, again, reach == SiteName.Reach.PUBLIC && usual == HTTPS));
            }
            port = other(port, OTHER_HTTPS, found, addresses, remarks);
        }
        int http = usually.httpPort();
        found = http == 0 ? Found.FREE : PortCheck.of(http, addresses);
        if (found != Found.FREE) {
            if (!bends || wanted.httpPort() >= 0) {
                throw new Refusal(cannotHave(http, "--http-port", found, again, reach == SiteName.Reach.PUBLIC));
            }
            http = other(http, OTHER_HTTP, found, addresses, remarks);
        }
        return new Doors(usually.hosts(), port, http, remarks);
    }

    private static int other(int port, int first, Found found, List<InetAddress> addresses, List<String> remarks)
            throws Refusal {
        for (int candidate = first; candidate < first + TRIES; candidate++) {
            if (PortCheck.of(candidate, addresses) == Found.FREE) {
                remarks.add("port " + candidate + " and not " + port + ", which "
                        + (found == Found.TAKEN ? "is in use by another program" : "only root may have"));
                return candidate;
            }
        }
        throw new Refusal("port " + port + " cannot be had, and those from " + first + " to " + (first + TRIES - 1)
                + " are in use.\n  Name another one: --port PORT --http-port PORT");
    }

    /**
     * @param option that names it
     * @param asPublic whether a public name needs the usual ports
     */
    private static String cannotHave(int port, String option, Found found, Typed again, boolean asPublic) {
        if (found == Found.TAKEN) {
            return "port " + port + " is in use by another program."
                    + (port == HTTPS || port == HTTP
                            ? "\n  Which one: sudo ss -ltnp 'sport = :" + port + "'"
                            : "\n  Another port: gatehouse "
                                    + again.with(option, Integer.toString(port < 65_535 ? port + 1 : port - 1)));
        }
        return "port " + port + " is kept for root by this system"
                + (asPublic ? ", and a public name needs 443 and 80." : ".") + "\n" + lowPorts(again) + "\n"
                + (asPublic
                        ? "  Or have others, and lead 443 and 80 of the router to them:\n    gatehouse "
                                + again.with("--port", Integer.toString(OTHER_HTTPS))
                                        .with("--http-port", Integer.toString(OTHER_HTTP))
                        : "  Or take another one:\n    gatehouse "
                                + again.with(option, Integer.toString(port == HTTPS ? OTHER_HTTPS : OTHER_HTTP)));
    }

    /** How somebody who is not root gets the ports. */
    private static String lowPorts(Typed again) {
        return """
              Any one of these gives it the ports:
                sudo gatehouse AGAIN
                    root opens the ports, another user serves
                sudo sysctl net.ipv4.ip_unprivileged_port_start=80
                    lets every user of this machine have ports from 80 on, until it is started anew
                AmbientCapabilities=CAP_NET_BIND_SERVICE in a unit of systemd, or a socket unit in front of one
                    lets this service have them and nobody else; see docs/guide/up.md\
            """.replace("AGAIN", again.toString());
    }

    private static List<String> hosts(Wanted wanted, SiteName.Reach reach) {
        if (!wanted.hosts().isEmpty()) {
            return wanted.hosts();
        }
        boolean ipv6 = PortCheck.hasIpv6();
        if (reach == SiteName.Reach.LOOPBACK) {
            return ipv6 ? List.of("127.0.0.1", "[::1]") : List.of("127.0.0.1");
        }
        return ipv6 ? List.of("*", "[::]") : List.of("*");
    }

    private static List<InetAddress> addresses(List<String> hosts) throws Refusal {
        List<InetAddress> addresses = new ArrayList<>();
        for (String host : hosts) {
            try {
                addresses.add(InetAddress.getByName(host.equals("*") ? "0.0.0.0" : host));
            } catch (UnknownHostException e) {
                throw new Refusal("\"" + host + "\" is no address of this machine");
            }
        }
        return addresses;
    }

    /** Whether only this machine itself can come in. */
    public boolean isLoopback() {
        return hosts.stream().allMatch(host -> host.startsWith("127.") || host.equals("[::1]"));
    }

    /** In words, for whoever started it. */
    public String describe(boolean tls) {
        String where = isLoopback() ? ", for this machine alone" : "";
        if (!tls) {
            return "port " + port + where;
        }
        return "port " + port + ": HTTPS, HTTP/2"
                + (httpPort == 0 ? "" : "; port " + httpPort + ": sends clients there") + where;
    }

    /** In words: what has to lead the usual ports of a name to these. */
    public String forwarded(String name) {
        return (httpPort == 0
                        ? "443 of " + name + " has to lead to " + port + " here"
                        : "443 and 80 of " + name + " have to lead to " + port + " and " + httpPort + " here")
                + ": the authority and browsers come to " + (httpPort == 0 ? "that" : "those");
    }

    /** Lines of {@code listen} for a port. */
    String listen(int port, String more) {
        StringBuilder lines = new StringBuilder();
        for (String host : hosts) {
            lines.append("listen ")
                    .append(host.equals("*") ? "" : host + ":")
                    .append(port)
                    .append(more)
                    .append(";\n");
        }
        return lines.toString().stripTrailing();
    }
}
