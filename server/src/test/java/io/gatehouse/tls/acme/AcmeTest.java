package io.gatehouse.tls.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.testing.Pebble;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An authority that refuses nonces and takes its time, names that are proven, certificates that come and are renewed. */
class AcmeTest {
    private static final Instant FAR = Instant.now().plus(Duration.ofDays(1_000));

    @TempDir
    private static Path shared;

    private static Answering answering;
    private static Pebble pebble;
    private static Front front;
    private static List<X509Certificate> trusted;

    @TempDir
    private Path folder;

    private final MovedClock clock = new MovedClock();
    private final Engine engine = new Engine(clock);
    private Engine.Issuer issuer;

    @BeforeAll
    static void startPebble() throws Exception {
        assumeTrue(Pebble.missing().isEmpty(), "not installed: " + Pebble.missing());
        answering = new Answering(0, new Challenges());
        pebble = new Pebble(
                shared,
                answering.httpPort(),
                answering.tlsPort(),
                Map.of(
                        "PEBBLE_WFE_NONCEREJECT", "25",
                        "PEBBLE_VA_SLEEPTIME", "2", // No second, or one.
                        "PEBBLE_AUTHZREUSE", "0",
                        "PEBBLE_ALTERNATE_ROOTS", "1"),
                "");
        trusted = List.of(certificate(Files.readAllBytes(pebble.trusted())));
        front = new Front(pebble);
    }

    private static X509Certificate certificate(byte[] pem) throws Exception {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
    }

    @BeforeEach
    void begin() {
        answering.answer(engine.acme.challenges());
        answering.silent(false);
        front.suggest(FAR, FAR.plusSeconds(1));
        issuer = new Engine.Issuer(front.directory(), trusted, folder.resolve("state"));
    }

    @AfterEach
    void end() {
        engine.close();
    }

    @AfterAll
    static void stopPebble() throws Exception {
        if (front != null) {
            front.close();
        }
        if (pebble != null) {
            pebble.close();
        }
        if (answering != null) {
            answering.close();
        }
    }

    private static void assertTrusted(IssuedCertificate issued, int root, String... names) throws Exception {
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(certificate(pebble.root(root)), null)));
        parameters.setRevocationEnabled(false);
        CertPathValidator.getInstance("PKIX")
                .validate(CertificateFactory.getInstance("X.509").generateCertPath(issued.chain()), parameters);
        assertThat(issued.certificate().getSubjectAlternativeNames().stream().map(name -> String.valueOf(name.get(1))))
                .containsExactlyInAnyOrder(names);
    }

    @Test
    void firstCertificateComesByHttpAndIsKeptForItsUserAlone() throws Exception {
        ManagedCertificate certificate = engine.get(Engine.wish(issuer.build(), "one.test", "www.one.test"));
        assertTrusted(certificate.current(), 0, "one.test", "www.one.test");
        assertThat(engine.said("[notice]", "certificate for \"one.test, www.one.test\" from \"pebble\"", "valid until"))
                .isTrue();
        assertThat(engine.acme.challenges().isEmpty()).isTrue();
        CertificateStatus status = certificate.status();
        assertThat(status.awaitedSince()).isNull();
        assertThat(status.validUntil()).isEqualTo(certificate.current().notAfter());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(issuer.state)))
                .isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(issuer.state)) {
            assertThat(files)
                    .hasSizeGreaterThan(3)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .as(file.toString())
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void firstCertificateComesByTlsForNamesAndAddresses() throws Exception {
        issuer.challenge = ChallengeType.TLS_ALPN_01;
        ManagedCertificate certificate = engine.get(Engine.wish(issuer.build(), "alpn.test", "127.0.0.1"));
        assertTrusted(certificate.current(), 0, "alpn.test", "127.0.0.1");
    }

    @Test
    void anAddressIsProvenByHttpToo() throws Exception {
        assumeTrue(answering.hasIpv6(), "no IPv6 here");
        ManagedCertificate certificate = engine.get(Engine.wish(issuer.build(), "127.0.0.1", "::1"));
        assertTrusted(certificate.current(), 0, "127.0.0.1", "0:0:0:0:0:0:0:1");
    }

    @Test
    void aServerThatStartsAgainHasItsCertificateAtOnceAndAsksForNothing() throws Exception {
        CertificateWish wish = Engine.wish(issuer.build(), "again.test");
        IssuedCertificate first = engine.get(wish).current();
        int orders = front.asked("/order-plz").size();
        try (Engine next = new Engine(clock)) {
            ManagedCertificate certificate = next.acme.use(wish);
            assertThat(certificate.current()).isNull();
            next.begin();
            assertThat(certificate.current().chainPem()).isEqualTo(first.chainPem());
            assertThat(certificate.current().keyPem()).isEqualTo(first.keyPem());
        }
        assertThat(front.asked("/order-plz")).hasSize(orders);
    }

    @Test
    void whoChangesToAnotherAuthorityGetsACertificateOfThatOne() throws Exception {
        IssuedCertificate tried =
                engine.get(Engine.wish(issuer.build(), "other.test")).current();
        issuer.directory = pebble.directory();
        assertThat(engine.get(Engine.wish(issuer.build(), "other.test"))
                        .current()
                        .chainPem())
                .isNotEqualTo(tried.chainPem());
    }

    @Test
    void renewsByAgeWhereTheAuthoritySaysNothing() throws Exception {
        issuer.directory = pebble.directory();
        ManagedCertificate certificate = engine.get(Engine.wish(issuer.build(), "age.test"));
        IssuedCertificate first = certificate.current();
        Duration life = Duration.between(first.notBefore(), first.notAfter());
        assertThat(certificate.status().nextAttempt())
                .isBefore(first.notBefore().plus(life.multipliedBy(2).dividedBy(3)));
        List<IssuedCertificate> heard = new ArrayList<>();
        certificate.whenNew(heard::add);
        clock.move(life.multipliedBy(2).dividedBy(3));
        engine.acme.look();
        engine.await("the next certificate", () -> !certificate.current().equals(first));
        assertThat(heard).containsExactly(first, certificate.current());
        assertThat(certificate.current().keyPem()).isNotEqualTo(first.keyPem());
    }

    @Test
    void renewsWhenTheAuthoritySaysSoAndTellsWhatIsReplaced() throws Exception {
        front.suggest(Instant.now().plus(Duration.ofDays(20)), Instant.now().plus(Duration.ofDays(21)));
        ManagedCertificate certificate = engine.get(Engine.wish(issuer.build(), "ari.test"));
        IssuedCertificate first = certificate.current();
        engine.await("what the authority suggests", () -> engine.said("suggests to renew", "\"ari.test\""));
        // It changes its mind, as it does for certificates that it has to revoke.
        front.suggest(Instant.now().minusSeconds(60), Instant.now().minusSeconds(30));
        front.afterwards("/order-plz", () -> front.suggest(FAR, FAR.plusSeconds(1)));
        clock.move(Duration.ofDays(2));
        engine.acme.look();
        engine.await("the next certificate", () -> !certificate.current().equals(first));
        List<String> orders = front.asked("/order-plz").stream()
                .filter(order -> order.contains("ari.test"))
                .toList();
        assertThat(orders.getFirst()).doesNotContain("replaces");
        assertThat(orders.getLast()).contains("\"replaces\":\"");
    }

    @Test
    void whenTheNextOneFailsTheOldCertificateStaysAndTheLogTellsWhy() throws Exception {
        ManagedCertificate certificate = engine.get(Engine.wish(issuer.build(), "stays.test"));
        IssuedCertificate first = certificate.current();
        answering.silent(true);
        clock.move(Duration.ofDays(4_000));
        engine.acme.look();
        engine.await("a failure", () -> certificate.status().lastFailure() != null);
        assertThat(certificate.current()).isSameAs(first);
        Failure failure = certificate.status().lastFailure();
        assertThat(failure.words()).contains("404").contains("unauthorized");
        assertThat(failure.meaning())
                .contains("something else answers on port 80 of \"stays.test\"")
                .contains("this machine's clock is 4000 d ahead");
        assertThat(engine.said("[error]", failure.words(), failure.meaning(), "The old one stays"))
                .isTrue();
        assertThat(certificate.status().nextAttempt())
                .isBetween(failure.at().plusSeconds(60), failure.at().plusSeconds(200));
    }

    @Test
    void aNameThatPointsElsewhereIsToldSo() throws Exception {
        pebble.point("elsewhere.test", "127.0.0.99");
        ManagedCertificate certificate = engine.acme.use(Engine.wish(issuer.build(), "elsewhere.test", "good.test"));
        engine.begin();
        engine.await("a failure", () -> certificate.status().lastFailure() != null);
        assertThat(certificate.status().lastFailure().words())
                .contains("elsewhere.test")
                .contains("refused");
        assertThat(certificate.status().lastFailure().meaning())
                .contains("nothing listens on port 80 of the address that \"elsewhere.test\" points to");
        assertThat(certificate.status().awaitedSince()).isNotNull();
        assertThat(certificate.current()).isNull();
    }

    @Test
    void aDeadAuthorityIsToldAndTheNextOneIsAskedInItsPlace() throws Exception {
        Engine.Issuer dead = new Engine.Issuer("https://127.0.0.1:1/dir", trusted, folder.resolve("dead"));
        dead.name = "dead";
        ManagedCertificate certificate =
                engine.acme.use(Engine.wish(List.of(dead.build(), issuer.build()), "dead.test"));
        engine.begin();
        engine.await("a failure", () -> certificate.status().lastFailure() != null);
        assertThat(certificate.status().lastFailure().words()).contains("connecting to 127.0.0.1:1 failed");
        assertThat(certificate.current()).isNull();
        clock.move(Duration.ofMinutes(3));
        engine.acme.look();
        engine.await("a certificate", () -> certificate.current() != null);
        assertThat(certificate.status().issuer()).isEqualTo("pebble");
    }

    @Test
    void twentyNamesAtOnce() throws Exception {
        issuer.directory = pebble.directory();
        List<ManagedCertificate> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(engine.acme.use(Engine.wish(issuer.build(), "n" + i + ".many.test")));
        }
        engine.begin();
        engine.await("twenty certificates", () -> all.stream().allMatch(one -> one.current() != null));
        assertThat(all.stream().map(one -> one.current().keyPem()).distinct()).hasSize(20);
    }

    @Test
    void choosesTheChainThatIsPreferred() throws Exception {
        String other =
                certificate(pebble.root(1)).getSubjectX500Principal().getName().replaceFirst("CN=", "");
        issuer.preferredChain = other;
        ManagedCertificate certificate = engine.get(Engine.wish(issuer.build(), "chain.test"));
        assertTrusted(certificate.current(), 1, "chain.test");
    }

    @Test
    void asksForAProfileAndMissesOneThatIsRequired() throws Exception {
        issuer.profile = new AcmeIssuer.Profile("short", true);
        engine.get(Engine.wish(issuer.build(), "profile.test"));
        assertThat(front.asked("/order-plz").getLast()).contains("\"profile\":\"short\"");
        issuer.profile = new AcmeIssuer.Profile("eternal", true);
        ManagedCertificate certificate = engine.acme.use(Engine.wish(issuer.build(), "eternal.test"));
        engine.begin();
        engine.await("a failure", () -> certificate.status().lastFailure() != null);
        assertThat(certificate.status().lastFailure().words()).contains("has no profile \"eternal\"");
        assertThat(certificate.status().lastFailure().meaning()).contains("it has [short]");
    }

    @Test
    void termsThatAreNotAcceptedAreNamed() throws Exception {
        issuer.terms = false;
        ManagedCertificate certificate = engine.acme.use(Engine.wish(issuer.build(), "terms.test"));
        engine.begin();
        engine.await("a failure", () -> certificate.status().lastFailure() != null);
        assertThat(certificate.status().lastFailure().meaning()).contains("accept_terms_of_service");
    }

    @Test
    void anAuthorityThatWantsToBeLeftAloneIsEvenAfterANewStart() throws Exception {
        AtomicInteger refused = new AtomicInteger();
        front.instead("/order-plz", () -> {
            refused.incrementAndGet();
            return new Front.Instead(
                    429,
                    "application/problem+json",
                    "{\"type\": \"urn:ietf:params:acme:error:rateLimited\", \"detail\": \"too many certificates\"}",
                    Map.of("Retry-After", "7200", "Replay-Nonce", "abcd"));
        });
        try {
            CertificateWish wish = Engine.wish(issuer.build(), "limit.test");
            ManagedCertificate certificate = engine.acme.use(wish);
            engine.begin();
            engine.await(
                    "a failure",
                    () -> certificate.status().lastFailure() != null
                            && certificate.status().nextAttempt() != null);
            assertThat(certificate.status().lastFailure().words()).contains("too many certificates");
            assertThat(certificate.status().nextAttempt()).isAfter(Instant.now().plusSeconds(7_000));
            for (int i = 0; i < 3; i++) {
                try (Engine next = new Engine(clock)) {
                    ManagedCertificate again = next.acme.use(wish);
                    next.begin();
                    next.await("a decision", () -> next.said("is asked for at \"pebble\" before"));
                    assertThat(again.current()).isNull();
                }
            }
            assertThat(refused).hasValue(1);
        } finally {
            front.instead("/order-plz", () -> null);
        }
    }

    @Test
    void anAuthorityThatIsDownIsAskedWhenItSaysSo() throws Exception {
        front.instead("/dir", () -> new Front.Instead(503, "text/html", "down", Map.of("Retry-After", "10000")));
        try {
            ManagedCertificate certificate = engine.acme.use(Engine.wish(issuer.build(), "down.test"));
            engine.begin();
            engine.await(
                    "a failure",
                    () -> certificate.status().nextAttempt() != null
                            && certificate.status().lastFailure() != null);
            assertThat(certificate.status().lastFailure().words()).contains("HTTP 503");
            assertThat(certificate.status().nextAttempt())
                    .isBetween(Instant.now().plusSeconds(9_900), Instant.now().plusSeconds(10_001));
        } finally {
            front.instead("/dir", () -> null);
        }
    }

    @Test
    void anAuthorityThatNobodyKnowsIsBelievedOnlyWhereTheOperatorSaysSo() throws Exception {
        issuer.trusted = null;
        ManagedCertificate certificate = engine.acme.use(Engine.wish(issuer.build(), "unknown.test"));
        engine.begin();
        engine.await("a failure", () -> certificate.status().lastFailure() != null);
        assertThat(certificate.status().lastFailure().meaning())
                .contains("not trusted here", "ssl_trusted_certificate");
        issuer.verify = false;
        assertThat(engine.get(Engine.wish(issuer.build(), "unknown.test")).current())
                .isNotNull();
    }

    @Test
    void damagedFilesArePutAsideAndMadeAnew() throws Exception {
        CertificateWish wish = Engine.wish(issuer.build(), "damaged.test");
        IssuedCertificate first = engine.get(wish).current();
        engine.close();
        try (Stream<Path> files = Files.list(issuer.state)) {
            for (Path file :
                    files.filter(one -> !one.toString().endsWith(".lock")).toList()) {
                Files.writeString(file, "no " + Files.readString(file).replace("-----BEGIN", "----BEGIN"));
            }
        }
        try (Engine next = new Engine(clock)) {
            answering.answer(next.acme.challenges());
            IssuedCertificate second = next.get(wish).current();
            assertThat(second.chainPem()).isNotEqualTo(first.chainPem());
            assertThat(next.said("[error]", "account.key.damaged")).isTrue();
            assertThat(next.said("[error]", "damaged.test", ".pem.damaged")).isTrue();
            assertThat(next.said("[error]", "budget.damaged")).isTrue();
        }
    }

    @Test
    void nothingIsAskedForThatCouldNotBeKept() throws Exception {
        Files.writeString(folder.resolve("file"), "in the way");
        issuer.state = folder.resolve("file/state");
        ManagedCertificate certificate = engine.acme.use(Engine.wish(issuer.build(), "nowhere.test"));
        engine.begin();
        engine.await("a failure", () -> certificate.status().lastFailure() != null);
        assertThat(certificate.status().lastFailure().words()).contains("cannot be used");
        assertThat(front.asked("nowhere.test")).isEmpty();
    }
}
