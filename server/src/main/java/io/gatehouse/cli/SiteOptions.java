package io.gatehouse.cli;

import io.gatehouse.address.Network;
import io.gatehouse.cli.up.Doors;
import io.gatehouse.cli.up.Refusal;
import io.gatehouse.cli.up.Site;
import io.gatehouse.cli.up.SiteName;
import io.gatehouse.cli.up.SiteName.Reach;
import io.gatehouse.cli.up.Typed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code up} and {@code init} are told of a site, so that both make the same of it. */
final class SiteOptions {
    static final String DEFAULT_TO = "127.0.0.1:" + EchoCommand.DEFAULT_PORT;

    /** Networks from which a platform's own proxy comes: RFC 1918, 6598, 4193, and this machine. */
    private static final List<String> PRIVATE =
            List.of("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "::1", "fc00::/7");

    @Parameters(
            paramLabel = "NAME",
            arity = "0..*",
            description =
                    "the names of the site; the first is the one to open. localhost and the like are certified by this"
                            + " machine itself, others by Let's Encrypt")
    List<String> names = List.of();

    @Option(
            names = "--to",
            paramLabel = "HOST:PORT",
            description = "where the application listens; " + DEFAULT_TO + ", where Paperclip does, if not given")
    @Nullable
    String to;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description =
                    "the port for HTTPS, 443 if not given; without a NAME the one for HTTP, 8080; with --behind the one"
                            + " for HTTP, $PORT of the environment or 8080")
    @Nullable
    String port;

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            description = "the port for HTTP, which sends clients to HTTPS; 80 if not given, off for none")
    @Nullable
    String httpPort;

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS",
            description =
                    "an address of this machine to listen at, may be said several times; if not given all of them, or,"
                            + " for localhost and the like, those that nobody else can come to")
    List<String> listen = List.of();

    @Option(
            names = "--certificate",
            paramLabel = "FILE",
            description = "a certificate that you have already, with its chain, in PEM")
    @Nullable
    Path certificate;

    @Option(names = "--key", paramLabel = "FILE", description = "the key of --certificate, in PEM")
    @Nullable
    Path key;

    @Option(
            names = "--acme",
            paramLabel = "WHERE",
            description =
                    "who certifies public names: letsencrypt if not given, letsencrypt-staging to try things out, or"
                            + " the address of another authority's directory, https://...")
    @Nullable
    String acme;

    @Option(
            names = "--acme-ca",
            paramLabel = "FILE",
            description =
                    "the root by which the server of --acme itself is known, in PEM, where the system does not trust"
                            + " it")
    @Nullable
    Path acmeCa;

    @Option(names = "--email", paramLabel = "ADDRESS", description = "where the authority may write to you")
    @Nullable
    String email;

    @Option(
            names = "--behind",
            paramLabel = "NETWORK",
            split = ",",
            description =
                    "a platform or another proxy in front ends TLS: the networks that it comes from (192.0.2.0/24), or"
                            + " the word private for all private ones; its X-Forwarded fields are believed, nobody"
                            + " else's")
    List<String> behind = List.of();

    /**
     * The site they describe.
     *
     * @param again the command as it was typed if its ports are to be had now; null for a file that is run elsewhere or later
     * @param environment of the process; {@code PORT} says where a platform wants to be answered, or where an application
     *     that is started as well will be
     * @param runs whether the application is started as well
     */
    Site site(@Nullable Typed again, java.util.Map<String, String> environment, boolean runs) throws Refusal {
        List<SiteName> sites = new ArrayList<>();
        for (String name : names) {
            sites.add(SiteName.of(name));
        }
        sites = sites.stream().distinct().toList();
        Site.Certificate files = certificate();
        check(sites, files);
        List<String> networks = networks();
        String portOfEnvironment = environment.getOrDefault("PORT", "");
        Doors.Wanted wanted = new Doors.Wanted(
                listens(),
                port != null
                        ? port(port)
                        : networks.isEmpty() || portOfEnvironment.isEmpty() ? -1 : port(portOfEnvironment),
                httpPort == null ? -1 : httpPort.equals("off") ? 0 : port(httpPort));
        Reach reach = networks.isEmpty()
                ? sites.stream().map(SiteName::reach).max(Enum::compareTo).orElse(Reach.LOOPBACK)
                : Reach.PUBLIC;
        int usual = sites.isEmpty() || !networks.isEmpty() ? Doors.PLAIN : Doors.HTTPS;
        Doors doors = again == null ? Doors.ofFile(wanted, reach, usual) : Doors.open(wanted, reach, usual, again);
        boolean agreed = runs && networks.isEmpty() && to == null && !portOfEnvironment.isEmpty();
        String application = agreed ? "127.0.0.1:" + port(portOfEnvironment) : to == null ? DEFAULT_TO : to(to);
        boolean asks =
                files == null && networks.isEmpty() && sites.stream().anyMatch(name -> name.reach() == Reach.PUBLIC);
        if (!asks && (acme != null || acmeCa != null || email != null)) {
            throw new Refusal("--acme, --acme-ca and --email are for names that a public authority certifies by itself;"
                    + " there is none here");
        }
        return new Site(sites, application, doors, networks, files, asks ? issuer() : null);
    }

    private Site.Issuer issuer() throws Refusal {
        String where = acme == null ? "letsencrypt" : acme;
        if (!where.matches("letsencrypt(?:-staging)?|https://[A-Za-z0-9.-]+(?::[0-9]+)?(?:/[!-~&&[^\"'\\\\;{}$]]*)?")) {
            throw new Refusal(
                    "\"" + where + "\" is no authority; expected letsencrypt, letsencrypt-staging or the address of"
                            + " a directory, https://...");
        }
        if (email != null && !email.matches("[!-~&&[^\"'\\\\;{}$@]]+@[A-Za-z0-9.-]+")) {
            throw new Refusal("\"" + email + "\" is no address of e-mail");
        }
        return Site.Issuer.of(where, email, acmeCa == null ? null : readable(acmeCa));
    }

    private void check(List<SiteName> sites, Site.@Nullable Certificate files) throws Refusal {
        boolean anyPublic = sites.stream().anyMatch(name -> name.reach() == Reach.PUBLIC);
        if (anyPublic && sites.stream().anyMatch(name -> name.reach() != Reach.PUBLIC)) {
            throw new Refusal("names of the internet and names of one's own cannot be one site: different authorities"
                    + " certify them. Run it for each kind.");
        }
        if (!behind.isEmpty()) {
            if (files != null || httpPort != null) {
                throw new Refusal("with --behind another proxy has the certificate: leave out --certificate, --key and"
                        + " --http-port");
            }
            return;
        }
        if (sites.isEmpty() && (files != null || httpPort != null)) {
            throw new Refusal("--certificate, --key and --http-port need a NAME, such as localhost");
        }
        for (SiteName name : sites) {
            if (files == null && !name.isCertifiable()) {
                throw new Refusal(
                        "nobody certifies \"" + name.text() + "\": public authorities know no such names, and that of"
                                + " this machine is bound to localhost, .test and private"
                                + " addresses.\n"
                                + "  Give a certificate of your own, --certificate FILE"
                                + " --key FILE, or take such a name");
            }
            if (files == null && name.isWildcard() && name.reach() == Reach.PUBLIC) {
                throw new Refusal(
                        "\"" + name.text() + "\" cannot be certified by itself: authorities ask for a record in"
                                + " DNS for it. Name each host, or give --certificate and --key");
            }
        }
    }

    private Site.@Nullable Certificate certificate() throws Refusal {
        if (certificate == null && key == null) {
            return null;
        }
        if (certificate == null || key == null) {
            throw new Refusal("--certificate and --key go together: one is the certificate, the other its key");
        }
        return new Site.Certificate(readable(certificate), readable(key));
    }

    private static String readable(Path file) throws Refusal {
        Path path = file.toAbsolutePath().normalize();
        if (!Files.isReadable(path)) {
            throw new Refusal("\"" + file + "\" " + (Files.exists(path) ? "cannot be read" : "does not exist"));
        }
        return written(path.toString());
    }

    /** A path as it stands in a configuration, an octet string. */
    static String written(String path) throws Refusal {
        if (!path.matches("[^\\s\"'\\\\;{}$]+")) {
            throw new Refusal(
                    "\"" + path + "\" has characters that mean something in a configuration; name a file without"
                            + " blanks, quotes, backslashes, dollars, semicolons and braces");
        }
        return io.gatehouse.exchange.Exchange.octets(path);
    }

    private List<String> networks() throws Refusal {
        List<String> networks = new ArrayList<>();
        for (String text : behind) {
            if (text.equals("private")) {
                networks.addAll(PRIVATE);
            } else if (Network.parse(text) != null && Network.isExact(text)) {
                networks.add(text);
            } else {
                throw new Refusal("\"" + text
                        + "\" is no network; expected one such as 192.0.2.0/24, an address, or the" + " word private");
            }
        }
        return networks.stream().distinct().toList();
    }

    private List<String> listens() throws Refusal {
        List<String> hosts = new ArrayList<>();
        for (String text : listen) {
            String bare = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
            byte[] address = io.gatehouse.address.IpText.parse(bare);
            if (address == null && !text.equals("*")) {
                throw new Refusal("\"" + text + "\" is no address; expected one such as 192.0.2.1, ::1 or *");
            }
            hosts.add(address != null && bare.indexOf(':') >= 0 ? "[" + bare + "]" : bare);
        }
        return hosts;
    }

    private static int port(String text) throws Refusal {
        int port = Ports.parse(text);
        if (port < 0) {
            throw new Refusal("\"" + text + "\" is no port; expected a number from 1 to 65535");
        }
        return port;
    }

    private static String to(String text) throws Refusal {
        int colon = text.lastIndexOf(':');
        boolean plain = text.matches("[A-Za-z0-9.\\-]+:[0-9]+|\\[[0-9A-Fa-f:.]+\\]:[0-9]+");
        if (!plain || Ports.parse(text.substring(colon + 1)) < 0) {
            throw new Refusal("\"" + text + "\" is no address; expected HOST:PORT such as " + DEFAULT_TO);
        }
        return text;
    }
}
