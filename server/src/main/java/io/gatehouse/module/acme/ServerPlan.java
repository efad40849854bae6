package io.gatehouse.module.acme;

import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.build.ServerDirectives;
import io.gatehouse.config.build.ServerDirectives.ServerName;
import io.gatehouse.config.directive.Scope;
import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.config.syntax.Node;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.module.acme.CertificateDirectives.AutoHttps;
import io.gatehouse.module.acme.CertificateDirectives.Said;
import io.gatehouse.observe.log.Clock;
import io.gatehouse.tls.AutomaticCertificates;
import io.gatehouse.tls.acme.AcmeIdentifier;
import io.gatehouse.tls.acme.AcmeIssuer;
import io.gatehouse.tls.acme.CertificateWish;
import io.gatehouse.tls.acme.InvalidIdentifier;
import io.gatehouse.tls.acme.KeyKind;
import io.gatehouse.tls.acme.ManagedCertificate;
import io.gatehouse.tls.localca.LocalNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which certificates come by themselves for one server. Used once, by the thread that builds. */
final class ServerPlan {
    /** Where certificates come from. */
    interface Sources {
        /** From authorities that are asked. */
        ManagedCertificate asked(CertificateWish wish, Node at);

        /** From the local authority. */
        AutomaticCertificates local(List<String> names, Node at);
    }

    /** Ends of names that no public authority knows (RFC 2606, 6761, 6762, 7686, 8375; ICANN's "internal"). */
    private static final Set<String> PRIVATE =
            Set.of("internal", "local", "lan", "home", "home.arpa", "invalid", "example", "onion");

    private final LocationBuild place;
    private final Scope server;
    private final Listening listening;
    private final Issuers issuers;
    private final Sources sources;
    /** Why the first name can have none. */
    private @Nullable String refused;

    ServerPlan(LocationBuild place, Scope server, Listening listening, Issuers issuers, Sources sources) {
        this.place = place;
        this.server = server;
        this.listening = listening;
        this.issuers = issuers;
        this.sources = sources;
    }

    // -- acme_certificate

    /** The certificate that {@code acme_certificate} wants. */
    ManagedCertificate certificate(Said said) {
        Node node = said.node();
        List<AcmeIdentifier> identifiers = said.identifiers().isEmpty() ? serverNames(node) : said.identifiers();
        if (identifiers.isEmpty()) {
            throw ConfigException.at(node, "\"acme_certificate\": no identifiers found in \"server_name\"")
                    .withHint("name a host in server_name, or behind the issuer");
        }
        AcmeIssuer issuer = issuers.block(said.issuer().text());
        if (issuer == null) {
            throw ConfigException.at(
                            node, said.issuer(), "issuer \"" + said.issuer().text() + "\" is missing")
                    .withHint("expected the name of an acme_issuer block in http");
        }
        return sources.asked(new CertificateWish(identifiers, said.key(), List.of(issuer)), node);
    }

    private List<AcmeIdentifier> serverNames(Node node) {
        List<AcmeIdentifier> identifiers = new ArrayList<>();
        for (ServerName name : ServerDirectives.names(server)) {
            if (name.regex() != null) {
                place.warn(node, "\"acme_certificate\": unsupported regular expression in server_name: " + name.text());
            } else if (!name.text().isEmpty()) {
                identifiers.addAll(Identifiers.of(node, name.at(), "\"acme_certificate\": "));
            }
        }
        return identifiers;
    }

    /** What shows clients that certificate; null if the server's {@code ssl_certificate} says something else. */
    @Nullable
    AutomaticCertificates servingWith(ManagedCertificate certificate) {
        Elsewhere files = Elsewhere.of(server, "ssl_certificate");
        Elsewhere keys = Elsewhere.of(server, "ssl_certificate_key");
        boolean nothingElse =
                files == null || files.is("$acme_certificate") && keys != null && keys.is("$acme_certificate_key");
        if (!nothingElse || !listening.isSecure(server)) {
            return null;
        }
        Map<String, ManagedCertificate> byName = new LinkedHashMap<>();
        certificate.wish().identifiers().forEach(one -> byName.put(one.text(), certificate));
        return new ServerCertificates(byName, null, place.service(Clock.class));
    }

    // -- auto_https

    /** What {@code auto_https} gives the server; null if it is off, or the server has certificates or needs none. */
    @Nullable
    AutomaticCertificates automatic() {
        AutoHttps auto = server.get(CertificateDirectives.AUTO_HTTPS);
        Node at = auto.node();
        if (at == null || auto.way() == AutoHttps.Way.OFF || !listening.isSecure(server) || hasItsOwn()) {
            return null;
        }
        for (Word issuer : auto.issuers()) {
            if (!issuers.has(issuer.text())) {
                throw ConfigException.at(at, issuer, "issuer \"" + issuer.text() + "\" is missing")
                        .withHint("expected on, local, off, or an acme_issuer; known are: " + issuers.known());
            }
        }
        Map<String, ManagedCertificate> byName = new LinkedHashMap<>();
        List<String> local = new ArrayList<>();
        for (ServerName name : ServerDirectives.names(server)) {
            if (name.regex() != null
                    || name.text().indexOf('.') != 0 && name.text().contains("*")) {
                pattern(auto, name, local);
            } else if (auto.way() != AutoHttps.Way.NAMED && isLocal(name.text())) {
                addLocal(name.text(), local);
            } else if (auto.way() == AutoHttps.Way.LOCAL) {
                if (name.text().isEmpty() || name.text().equals("_")) {
                    continue; // By custom the name of no host: it is for those who come by address.
                }
                refuse(name, "it is not local: localhost, *.localhost, *.test and private addresses are");
            } else {
                ask(auto, at, name, byName);
            }
        }
        boolean byAddress = auto.way() == AutoHttps.Way.LOCAL && refused == null;
        if (byName.isEmpty() && local.isEmpty() && !byAddress) {
            throw ConfigException.at(
                            Objects.requireNonNull(server.node()),
                            "\"auto_https\": no name in \"server_name\" that a certificate can be had for")
                    .withHint(
                            refused == null
                                    ? "name a host in server_name, or say ssl_certificate or \"ssl_reject_handshake"
                                            + " on;\""
                                    : refused);
        }
        return new ServerCertificates(
                byName, local.isEmpty() && !byAddress ? null : sources.local(local, at), place.service(Clock.class));
    }

    /** The nearer of both wins, on one level what the operator has put into files. */
    private boolean hasItsOwn() {
        Elsewhere rejects = Elsewhere.of(server, "ssl_reject_handshake");
        if (rejects != null && rejects.is("on")) {
            return true;
        }
        Elsewhere files = Elsewhere.of(server, "ssl_certificate");
        Node own = server.use(CertificateDirectives.AUTO_HTTPS);
        if (files == null || own != null && files.level() != server) {
            return false;
        }
        if (own != null) {
            place.warn(own, "\"auto_https\" ignored: the server has an \"ssl_certificate\"");
        }
        return true;
    }

    private static boolean isLocal(String octets) {
        return LocalNames.isLocal(octets.startsWith(".") ? octets.substring(1) : octets);
    }

    private static void addLocal(String name, List<String> local) {
        if (name.startsWith(".")) {
            local.add(name.substring(1));
            local.add("*" + name);
        } else {
            local.add(name);
        }
    }

    /** A name that stands for many: the local authority has a certificate for each of them. */
    private void pattern(AutoHttps auto, ServerName name, List<String> local) {
        if (name.regex() == null && auto.way() != AutoHttps.Way.NAMED && isLocal(name.text())) {
            local.add(name.text());
        } else if (name.regex() != null) {
            refuse(name, "it is a regular expression; name each host");
        } else {
            refuse(name, "authorities give such by the dns-01 challenge only; name each host");
        }
    }

    private void refuse(ServerName name, String why) {
        place.warn(
                Objects.requireNonNull(server.use(ServerDirectives.SERVER_NAME)),
                "\"auto_https\" gets no certificate for \"" + name.text() + "\": " + why);
        if (refused == null) {
            refused = "not for \"" + name.text() + "\": " + why;
        }
    }

    private void ask(AutoHttps auto, Node at, ServerName name, Map<String, ManagedCertificate> byName) {
        if (name.text().isEmpty() || name.text().equals("_")) {
            return; // By custom the name of no host.
        }
        List<String> asked = auto.way() == AutoHttps.Way.NAMED
                ? auto.issuers().stream().map(Word::text).toList()
                : issuers.byDefault();
        try {
            for (AcmeIdentifier identifier : Identifiers.of(name.at().text())) {
                if (!identifier.isAddress()
                        && asked.stream().allMatch(issuers::isBuiltIn)
                        && isPrivate(identifier.text())) {
                    refuse(name, "no public authority knows such names");
                    continue;
                }
                List<AcmeIssuer> those = asked.stream()
                        .map(issuer -> issuers.get(issuer, identifier.isAddress()))
                        .toList();
                byName.put(
                        identifier.text(),
                        sources.asked(new CertificateWish(List.of(identifier), KeyKind.ECDSA_256, those), at));
            }
        } catch (InvalidIdentifier e) {
            refuse(name, Exchange.octets(e.message()));
        }
    }

    private static boolean isPrivate(String name) {
        return name.indexOf('.') < 0 || PRIVATE.stream().anyMatch(end -> name.endsWith("." + end));
    }
}
