package io.gatehouse.module.acme;

import io.gatehouse.config.build.Blocks;
import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.build.Paths;
import io.gatehouse.config.directive.Scope;
import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.config.syntax.Node;
import io.gatehouse.module.acme.CertificateDirectives.Said;
import io.gatehouse.observe.log.Clock;
import io.gatehouse.tls.AutomaticCertificates;
import io.gatehouse.tls.LoadException;
import io.gatehouse.tls.acme.Acme;
import io.gatehouse.tls.acme.AcmeIssuer;
import io.gatehouse.tls.acme.CertificateWish;
import io.gatehouse.tls.acme.ChallengeType;
import io.gatehouse.tls.acme.Challenges;
import io.gatehouse.tls.acme.ManagedCertificate;
import io.gatehouse.tls.localca.LocalAuthority;
import io.gatehouse.tls.localca.LocalCertificates;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which certificates come by themselves in one configuration, and for which servers: decided for all of them when the first is
 * built, for every server has to answer challenges if only one of them is to be shown to an authority. Used by the thread that
 * builds.
 */
final class Plan {
    private final IdentityHashMap<Scope, AutomaticCertificates> automatic = new IdentityHashMap<>();
    private final IdentityHashMap<Scope, ManagedCertificate> said = new IdentityHashMap<>();
    private boolean made;
    private @Nullable Acme acme;

    /** That of the configuration of a place. */
    static Plan of(LocationBuild place) {
        Plan plan = place.shared(Plan.class, Plan::new);
        if (!plan.made) {
            plan.made = true;
            plan.make(place);
        }
        return plan;
    }

    private void make(LocationBuild place) {
        Scope http = Objects.requireNonNull(place.scope().parent());
        List<Scope> servers = Objects.requireNonNull(http.own(Blocks.SERVER_BLOCK));
        Listening listening = Listening.of(servers);
        Issuers issuers = new Issuers(http, place.paths(), listening);
        ServerPlan.Sources sources = new Sources(place, listening);
        for (Scope server : servers) {
            ServerPlan plan = new ServerPlan(place, server, listening, issuers, sources);
            Said certificate = server.own(CertificateDirectives.ACME_CERTIFICATE);
            AutomaticCertificates shown;
            if (certificate == null) {
                shown = plan.automatic();
            } else {
                ManagedCertificate managed = plan.certificate(certificate);
                said.put(server, managed);
                shown = plan.servingWith(managed);
            }
            if (shown != null) {
                automatic.put(server, shown);
            }
        }
    }

    /** What outlives the configuration, taken for it. */
    private final class Sources implements ServerPlan.Sources {
        private final LocationBuild place;
        private final Listening listening;
        private final Set<String> warned = new HashSet<>();

        Sources(LocationBuild place, Listening listening) {
            this.place = place;
            this.listening = listening;
        }

        @Override
        public ManagedCertificate asked(CertificateWish wish, Node at) {
            wish.issuers().forEach(issuer -> checkReach(issuer, at));
            Acme owner = acme();
            ManagedCertificate managed = owner.use(wish);
            place.whenOver(() -> owner.release(managed));
            return managed;
        }

        private Acme acme() {
            Acme known = acme;
            if (known == null) {
                known = place.shared(
                        Acme.class, () -> place.carried(Acme.class, () -> new Acme(place.service(Clock.class))));
                acme = known;
            }
            return known;
        }

        /** Says so if the authority will ask where nobody listens; what leads there from elsewhere nobody can know. */
        private void checkReach(AcmeIssuer issuer, Node at) {
            boolean http = issuer.challenge() == ChallengeType.HTTP_01;
            if ((http ? listening.plain() : listening.https()) || !warned.add(issuer.name())) {
                return;
            }
            place.warn(
                    at,
                    http
                            ? Challenges.NOBODY_LISTENS + "80, where \"" + issuer.name()
                                    + "\" will ask for http-01 challenges: add a server with \"listen 80;\""
                            : Challenges.NOBODY_LISTENS + "443 with ssl, where \"" + issuer.name()
                                    + "\" will ask for tls-alpn-01 challenges");
        }

        @Override
        public AutomaticCertificates local(List<String> names, Node at) {
            return new LocalCertificates(place.shared(LocalAuthority.class, () -> open(at)), names);
        }

        /** One for all servers. Each configuration reads its roots anew, as root may do it then. */
        private LocalAuthority open(Node at) {
            LocalAuthority authority = place.carried(
                    LocalAuthority.class, () -> new LocalAuthority(Paths.state(), place.service(Clock.class)));
            try {
                authority.open().warnings().forEach(warning -> place.warn(at, warning));
                return authority;
            } catch (LoadException e) {
                throw ConfigException.at(at, e.message());
            }
        }
    }

    /** What a server shows, or null if it has certificates of its own, or none. */
    @Nullable
    AutomaticCertificates of(Scope server) {
        return automatic.get(server);
    }

    /** That of the server's {@code acme_certificate}, or null. */
    @Nullable
    ManagedCertificate said(Scope server) {
        return said.get(server);
    }

    /** What authorities are to be answered; null if none is asked. */
    @Nullable
    Challenges challenges() {
        return acme == null ? null : acme.challenges();
    }
}
