package io.gatehouse.tls.localca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the certificates say, to those who have to believe it. */
class IssuingTest {
    private static final long NOW = new MovedClock().wallMillis();
    private static final LocalRoot ROOT = Issuing.root("Gatehouse local authority (alice@laptop)", NOW);

    @TempDir
    private Path folder;

    private static X509Certificate issued(String... names) throws Exception {
        return Issuing.issue(ROOT, List.of(names), NOW).certificate();
    }

    @Test
    void theRootIsForTwoYearsAndForServersAloneAndMakesNoAuthorities() throws Exception {
        X509Certificate root = ROOT.root().certificate();

        root.verify(root.getPublicKey());
        assertThat(root.getSubjectX500Principal().getName("RFC1779"))
                .contains("CN=Gatehouse local authority (alice@laptop)", "O=Gatehouse");
        assertThat(ROOT.root().mark()).matches("[0-9a-f]{8}");
        assertThat(root.getBasicConstraints()).isZero();
        assertThat(root.getKeyUsage()).containsExactly(false, false, false, false, false, true, false, false, false);
        assertThat(root.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(root.getCriticalExtensionOIDs()).contains("2.5.29.30");
        assertThat(root.getNotBefore()).isEqualTo(new Date(NOW - 3_600_000));
        assertThat(ROOT.root().lastDay()).isEqualTo("2028-11-26");
        assertThat(root.getPublicKey().getAlgorithm()).isEqualTo("EC");
    }

    @Test
    void rootsWithOneTitleDiffer() {
        LocalRoot other = Issuing.root(ROOT.root().title(), NOW);

        assertThat(other.root().title()).isEqualTo(ROOT.root().title());
        assertThat(other.root().mark()).isNotEqualTo(ROOT.root().mark());
        assertThat(other.root().certificate().getSubjectX500Principal())
                .isNotEqualTo(ROOT.root().certificate().getSubjectX500Principal());
    }

    @Test
    void aCertificateIsForAWeekAndHasTheNamesAsAlternativesOnly() throws Exception {
        X509Certificate certificate = issued("app.localhost", "192.168.1.2", "::1");

        assertThat(certificate.getSubjectAlternativeNames())
                .containsExactlyInAnyOrder(
                        List.of(2, "app.localhost"), List.of(7, "192.168.1.2"), List.of(7, "0:0:0:0:0:0:0:1"));
        assertThat(certificate.getSubjectX500Principal().getName())
                .isEqualTo("CN=Gatehouse local certificate,O=Gatehouse");
        assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
        assertThat(certificate.getNotBefore()).isEqualTo(new Date(NOW - 3_600_000));
        assertThat(certificate.getNotAfter()).isEqualTo(new Date(NOW + 7 * 86_400_000L));
    }

    @Test
    void aCertificateNeverOutlivesItsRoot() throws Exception {
        long late = ROOT.root().ends() - 1_000;

        assertThat(Issuing.issue(ROOT, List.of("localhost"), late).ends())
                .isEqualTo(ROOT.root().ends());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost", "app.localhost", "paperclip.test", "127.0.0.1", "::1", "192.168.7.8", "fd00::1"})
    void openSslBelievesInLocalNames(String name) throws Exception {
        assertThat(openSsl(issued(name))).isEqualTo("leaf.pem: OK\n");
    }

    /** The root's key would be of little use to a thief. */
    @ParameterizedTest
    @ValueSource(strings = {"example.com", "localhost.example.com", "mylocalhost", "8.8.8.8", "2001:db8::1"})
    void openSslBelievesInNoOthers(String name) throws Exception {
        assertThat(openSsl(issued(name))).contains("error 47 at 0 depth lookup: permitted subtree violation");
    }

    @Test
    void openSslBelievesInNoFurtherAuthority() throws Exception {
        LocalRoot between = Issuing.root("Gatehouse local authority (mallory@elsewhere)", NOW);
        X509Certificate signed = new org.bouncycastle.cert.jcajce.JcaX509CertificateConverter()
                .getCertificate(new org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder(
                                ROOT.root().certificate(),
                                java.math.BigInteger.TEN,
                                new Date(NOW),
                                new Date(NOW + 1_000_000),
                                new org.bouncycastle.asn1.x500.X500Name("CN=between"),
                                between.root().certificate().getPublicKey())
                        .addExtension(
                                org.bouncycastle.asn1.x509.Extension.basicConstraints,
                                true,
                                new org.bouncycastle.asn1.x509.BasicConstraints(true))
                        .build(new org.bouncycastle.operator.jcajce.JcaContentSignerBuilder(Issuing.SIGNATURE)
                                .build(ROOT.key())));
        RootCertificate middle = new RootCertificate(signed);
        X509Certificate leaf = Issuing.issue(new LocalRoot(middle, between.key()), List.of("localhost"), NOW)
                .certificate();
        Files.writeString(folder.resolve("middle.pem"), middle.pem());

        assertThat(openSsl(leaf, "-untrusted", "middle.pem")).contains("path length constraint exceeded");
    }

    /** As Java's own clients look at it; they leave the constraints of what they trust aside. */
    @Test
    void javaBelievesInIt() throws Exception {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        PKIXParameters trust =
                new PKIXParameters(Set.of(new TrustAnchor(ROOT.root().certificate(), null)));
        trust.setRevocationEnabled(false);
        trust.setDate(new Date(NOW));
        CertPathValidator validator = CertPathValidator.getInstance("PKIX");

        assertThat(validator.validate(factory.generateCertPath(List.of(issued("app.localhost", "10.0.0.1"))), trust))
                .isNotNull();
    }

    @Test
    void whatIsNoLocalAuthoritysIsNotTakenForOne() throws Exception {
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> RootCertificate.of(issued("localhost").getEncoded())))
                .hasMessage("the certificate is not that of a local authority");
        assertThat(RootCertificate.read(ROOT.root().pem())).containsExactly(ROOT.root());
    }

    /** Root takes in the roots of other users, by {@code sudo gatehouse trust}: no file may be named as they like. */
    @Test
    void aTitleThatIsNoneOfOursIsNotTaken() throws Exception {
        for (String title : List.of(
                "Gatehouse local authority (../../etc/x@y)",
                "Gatehouse local authority (@y)",
                "Gatehouse local authority (a b@y)",
                "Gatehouse local authority")) {
            LocalRoot other = Issuing.root(title, NOW);
            assertThat(org.assertj.core.api.Assertions.catchThrowable(
                            () -> RootCertificate.of(other.root().certificate().getEncoded())))
                    .as(title)
                    .hasMessage("the certificate is not that of a local authority");
        }
    }

    @Test
    void whatCouldCertifyMoreIsSeen() throws Exception {
        assertThat(ROOT.root().isBound()).isTrue();
        java.security.KeyPairGenerator generator = java.security.KeyPairGenerator.getInstance("EC");
        java.security.KeyPair keys = generator.generateKeyPair();
        org.bouncycastle.asn1.x500.X500Name name = new org.bouncycastle.asn1.x500.X500Name(
                "O=Gatehouse,CN=Gatehouse local authority (alice@laptop),SERIALNUMBER=0123abcd");
        // anything but one name
        org.bouncycastle.asn1.x509.NameConstraints wide =
                new org.bouncycastle.asn1.x509.NameConstraints(null, new org.bouncycastle.asn1.x509.GeneralSubtree[] {
                    new org.bouncycastle.asn1.x509.GeneralSubtree(new org.bouncycastle.asn1.x509.GeneralName(
                            org.bouncycastle.asn1.x509.GeneralName.dNSName, "example.com"))
                });
        X509Certificate mallorys = new org.bouncycastle.cert.jcajce.JcaX509CertificateConverter()
                .getCertificate(new org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder(
                                name,
                                java.math.BigInteger.TEN,
                                new Date(NOW),
                                new Date(NOW + 1_000_000),
                                name,
                                keys.getPublic())
                        .addExtension(
                                org.bouncycastle.asn1.x509.Extension.basicConstraints,
                                true,
                                new org.bouncycastle.asn1.x509.BasicConstraints(0))
                        .addExtension(org.bouncycastle.asn1.x509.Extension.nameConstraints, true, wide)
                        .build(new org.bouncycastle.operator.jcajce.JcaContentSignerBuilder(Issuing.SIGNATURE)
                                .build(keys.getPrivate())));
        assertThat(RootCertificate.of(mallorys.getEncoded()).isBound()).isFalse();
    }

    @Test
    void titlesAreShortAndPlain() {
        assertThat(RootCertificate.title("alice", "laptop.fritz.box"))
                .isEqualTo("Gatehouse local authority (alice@laptop)");
        assertThat(RootCertificate.title("b\u00fc,\"x" + "y".repeat(40), "z".repeat(63)))
                .startsWith("Gatehouse local authority (b---xyyy")
                .hasSizeLessThanOrEqualTo(64);
    }

    private String openSsl(X509Certificate leaf, String... more) throws Exception {
        boolean installed = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(bin -> Files.isExecutable(Path.of(bin, "openssl")));
        assumeTrue(installed, "openssl is not installed");
        Files.writeString(folder.resolve("root.pem"), ROOT.root().pem());
        Files.writeString(folder.resolve("leaf.pem"), new RootCertificate(leaf).pem());
        List<String> command = new ArrayList<>(List.of(
                "openssl", "verify", "-x509_strict", "-purpose", "sslserver", "-attime", Long.toString(NOW / 1_000)));
        command.addAll(List.of("-CAfile", "root.pem"));
        command.addAll(List.of(more));
        command.add("leaf.pem");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
