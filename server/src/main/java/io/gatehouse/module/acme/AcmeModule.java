package io.gatehouse.module.acme;

import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.build.Module;
import io.gatehouse.config.build.VariableRegistry;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Location;
import io.gatehouse.exchange.SettingsKey;
import io.gatehouse.tls.AutomaticCertificates;
import io.gatehouse.tls.acme.ChallengeTls;
import io.gatehouse.tls.acme.Challenges;
import io.gatehouse.tls.acme.IssuedCertificate;
import io.gatehouse.tls.acme.ManagedCertificate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Certificates that come by themselves. It decides which server gets which, and answers authorities; {@code tls.acme} asks
 * them, and {@code module.ssl}, which has to come behind it in the list of modules, serves with what comes.
 */
public final class AcmeModule implements Module {
    /** Of a server with {@code acme_certificate}. */
    private static final SettingsKey<ManagedCertificate> SAID = SettingsKey.of(ManagedCertificate.class);

    @Override
    public String name() {
        return "acme";
    }

    @Override
    public List<Directive<?>> directives() {
        List<Directive<?>> all = new ArrayList<>(CertificateDirectives.ALL);
        all.addAll(IssuerDirectives.ALL);
        return all;
    }

    @Override
    public void variables(VariableRegistry registry) {
        registry.add("acme_certificate", x -> data(x, IssuedCertificate::chainPem));
        registry.add("acme_certificate_key", x -> data(x, IssuedCertificate::keyPem));
    }

    /** As {@code ssl_certificate} takes it; null while there is none. */
    private static @Nullable String data(Exchange x, Function<IssuedCertificate, String> pem) {
        ManagedCertificate said = x.server.level().settings(SAID);
        IssuedCertificate there = said == null ? null : said.current();
        return there == null ? null : "data:" + pem.apply(there);
    }

    @Override
    public void build(LocationBuild place) {
        if (place.kind() != Location.Kind.SERVER) {
            return;
        }
        Plan plan = Plan.of(place);
        AutomaticCertificates automatic = plan.of(place.scope());
        if (automatic != null) {
            place.settings(AutomaticCertificates.KEY, automatic);
        }
        ManagedCertificate said = plan.said(place.scope());
        if (said != null) {
            place.settings(SAID, said);
        }
        Challenges challenges = plan.challenges();
        if (challenges != null) {
            place.settings(ChallengeTls.KEY, place.shared(ChallengeTls.class, () -> new ChallengeTls(challenges)));
            place.postRead(new ChallengeHandler(challenges));
        }
    }
}
