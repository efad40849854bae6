package io.gatehouse.cli.up;

import io.gatehouse.coding.NativeFile;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One site of the preset: everything that {@code up} and {@code init} have to know to write its configuration.
 *
 * @param names the first one is in the address to open; none for a site that is tried on this machine without TLS
 * @param to where the application listens, HOST:PORT
 * @param behind networks of the proxies that terminate TLS in front; empty if nobody does
 * @param certificate two files, of the certificate and its key; null to get one by itself
 * @param issuer who is asked for one where the names are not local; null if there is nobody to ask
 */
public record Site(
        List<SiteName> names,
        String to,
        Doors doors,
        List<String> behind,
        @Nullable Certificate certificate,
        @Nullable Issuer issuer) {

    /**
     * An authority that speaks ACME.
     *
     * @param uri of its directory
     * @param email where it may write to; null for none
     * @param trusted a file with the authority that certifies it itself; null for one that the system trusts
     */
    public record Issuer(
            String name,
            String uri,
            @Nullable String email,
            @Nullable String trusted) {
        private static final Issuer LETS_ENCRYPT =
                new Issuer("letsencrypt", "https://acme-v02.api.letsencrypt.org/directory", null, null);
        private static final Issuer STAGING =
                new Issuer("letsencrypt-staging", "https://acme-staging-v02.api.letsencrypt.org/directory", null, null);

        /** @param where {@code letsencrypt}, {@code letsencrypt-staging}, or the address of a directory */
        public static Issuer of(String where, @Nullable String email, @Nullable String trusted) {
            Issuer known = where.equals(LETS_ENCRYPT.name) ? LETS_ENCRYPT : where.equals(STAGING.name) ? STAGING : null;
            return known == null
                    ? new Issuer(URI.create(where).getHost(), where, email, trusted)
                    : new Issuer(known.name, known.uri, email, trusted);
        }

        boolean isUsual() {
            return equals(LETS_ENCRYPT);
        }
    }

    /** @param chain the file of the certificate and of those between it and its authority */
    public record Certificate(String chain, String key) {}

    /**
     * What differs where the text is for a person to edit or for this process to run.
     *
     * @param state the folder under which an authority's own is; null to leave that to the configuration's place
     */
    public record Use(
            boolean complete,
            String accessLog,
            @Nullable String user,
            String how,
            @Nullable String state) {}

    public SiteName.Reach reach() {
        return names.stream().map(SiteName::reach).max(Enum::compareTo).orElse(SiteName.Reach.LOOPBACK);
    }

    public boolean isBehind() {
        return !behind.isEmpty();
    }

    public boolean hasTls() {
        return !names.isEmpty() && !isBehind();
    }

    /**
     * Whether something in front, a router perhaps, leads the usual ports here: an authority asks at 443 or 80 alone (RFC 8555,
     * 8.3; RFC 8737, 3), so that there would be no certificate otherwise. Then browsers come to 443 too.
     */
    public boolean isForwarded() {
        return issuer != null && hasTls() && doors.port() != Doors.HTTPS && doors.httpPort() != Doors.HTTP;
    }

    /** Whether anybody but this machine itself may come, at once or through what leads a public name to it. */
    public boolean isForOthers() {
        return isBehind() || reach() == SiteName.Reach.PUBLIC || !doors.isLoopback();
    }

    /** The address to open, without a slash at the end. */
    public String url() {
        return urls().getFirst();
    }

    /** The addresses of all names. */
    public List<String> urls() {
        return names.isEmpty()
                ? List.of("http://localhost" + port())
                : names.stream()
                        .map(name -> "https://" + name.inUrl().replaceFirst("^\\*\\.", "any.") + port())
                        .toList();
    }

    /** Whether the address has a port in it. */
    boolean hasOddPort() {
        return !port().isEmpty();
    }

    /** {@code :8443}, or nothing where the port is the scheme's own. In front of it, others have the scheme's own. */
    private String port() {
        boolean usual = isForwarded()
                || isBehind() && !names.isEmpty()
                || doors.port() == (hasTls() ? Doors.HTTPS : Doors.HTTP);
        return usual ? "" : ":" + doors.port();
    }

    /** A word of letters, digits and underscores that tells the site from others of one configuration. */
    private String id() {
        return names.isEmpty() ? "local" : names.getFirst().text().replaceAll("[^a-z0-9]", "_");
    }

    /**
     * The configuration as text, an octet string.
     *
     * @param written {@code up} or {@code init}
     * @param held whether nothing of the application is to be published yet
     */
    public String configuration(String written, Use use, boolean held) throws IOException {
        return Preset.ofInstallation().fill(values(use), cases(written, use, held));
    }

    private Set<String> cases(String written, Use use, boolean held) {
        Set<String> cases = new HashSet<>(Set.of(written));
        add(cases, "complete", use.complete());
        add(cases, "user", use.user() != null);
        add(cases, "https", hasTls());
        add(cases, "redirect", hasTls() && doors.httpPort() > 0);
        add(cases, "files", certificate != null);
        add(cases, "auto", hasTls() && certificate == null);
        add(cases, "issuer", definesIssuer(use));
        add(cases, "state", use.state() != null);
        add(cases, "email", issuer != null && issuer.email() != null);
        add(cases, "issuer_ca", issuer != null && issuer.trusted() != null);
        add(cases, "handshake", doors.httpPort() == 0);
        add(cases, "behind", isBehind());
        // Browsers keep it for the name, whatever the port: nothing for names of one's own and for trials on other
        // ports.
        add(cases, "hsts", hasTls() && reach() == SiteName.Reach.PUBLIC && !hasOddPort());
        add(cases, "brotli", NativeFile.isForThisMachine());
        add(cases, "held", held);
        add(cases, "guarded", use.complete() && hasTls());
        return cases;
    }

    /** Whether the authority that is asked stands in the text, and not only its name. */
    private boolean definesIssuer(Use use) {
        Issuer asked = issuer;
        return asked != null
                && hasTls()
                && certificate == null
                && (use.state() != null || !asked.isUsual() || isForwarded() && doors.httpPort() == 0);
    }

    private static void add(Set<String> cases, String name, boolean holds) {
        if (holds) {
            cases.add(name);
        }
    }

    private Map<String, String> values(Use use) {
        Map<String, String> values = new HashMap<>();
        values.put("title", url());
        values.put("id", id());
        values.put("to", to);
        values.put("how", use.how());
        values.put("user", use.user() == null ? "" : use.user());
        values.put("access_log", use.accessLog().equals("off") ? "off" : use.accessLog() + " paperclip_" + id());
        values.put("server_names", serverNames());
        boolean namesItself = names.stream().allMatch(SiteName::isInHandshakes);
        String byDefault = namesItself ? "" : " default_server";
        // One of several in a file has names to be told by.
        String inClear = use.complete() || names.isEmpty() ? " default_server" : "";
        values.put("listen", doors.listen(doors.port(), hasTls() ? " ssl" + byDefault : inClear));
        values.put("listen_http", doors.listen(doors.httpPort(), byDefault));
        values.put("others", namesItself ? "_" : "~.");
        values.put("https_port", port());
        values.put("listen_others", listenOthers(namesItself ? " default_server" : ""));
        values.put("certificate", certificate == null ? "" : certificate.chain());
        values.put("key", certificate == null ? "" : certificate.key());
        issuer(values, use);
        values.put("behind_geo", lines("", " 1;"));
        values.put("behind_real_ip", lines("set_real_ip_from ", ";"));
        values.put("host", isBehind() ? "$paperclip_host_" + id() : "$host$is_request_port$request_port");
        values.put("scheme", isBehind() ? "$paperclip_scheme_" + id() : "$scheme");
        return values;
    }

    private void issuer(Map<String, String> values, Use use) {
        if (issuer == null) {
            values.put("auto", "local");
            return;
        }
        // Two sites of one configuration must not define the same one.
        String name = use.complete() ? issuer.name() : issuer.name() + "_" + id();
        values.put("auto", definesIssuer(use) ? name : "on");
        values.put("issuer", name);
        values.put("issuer_uri", issuer.uri());
        values.put("issuer_state", use.state() + "/acme_" + issuer.name());
        values.put("issuer_email", String.valueOf(issuer.email()));
        values.put("issuer_ca", String.valueOf(issuer.trusted()));
    }

    private String serverNames() {
        return names.isEmpty()
                ? "localhost"
                : names.stream().map(SiteName::inUrl).collect(Collectors.joining(" "));
    }

    private String listenOthers(String more) {
        String tls = doors.listen(doors.port(), " ssl" + more);
        return doors.httpPort() == 0 ? tls : tls + "\n" + doors.listen(doors.httpPort(), more);
    }

    private String lines(String before, String after) {
        return behind.stream().map(network -> before + network + after).collect(Collectors.joining("\n"));
    }
}
