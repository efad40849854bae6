package io.gatehouse.tls.localca;

import io.gatehouse.address.Network;
import io.gatehouse.wire.tls.PemText;
import io.gatehouse.wire.tls.TlsIdentity;
import io.gatehouse.wire.tls.TlsSettingsException;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes certificates (RFC 5280): roots, and what they issue. Takes a few milliseconds; any thread. */
final class Issuing {
    static final String SIGNATURE = "SHA256withECDSA";

    /** How long a root lives. Whoever trusts it has to be told of its successor once within that time. */
    static final Duration ROOT_LIFE = Duration.ofDays(730);

    /** How long a certificate lives; a new one is made long before. */
    static final Duration LIFE = Duration.ofDays(7);

    /** Certificates begin a little earlier: the clock of a container or a telephone may be behind. */
    static final Duration BACKDATED = Duration.ofHours(1);

    private static final String CURVE = "secp256r1";
    /** Bits of a serial number; RFC 5280, 4.1.2.2, wants it positive and of 20 octets at most. */
    private static final int SERIAL_BITS = 127;
    /** Octets of a key's digest that tell roots with one name apart. */
    private static final int MARK = 4;

    private static final SecureRandom RANDOM = new SecureRandom();

    private Issuing() {}

    /**
     * Makes a root that can issue for local names only, to servers only, and no further authority.
     *
     * @param title its common name, at most 64 characters
     */
    static LocalRoot root(String title, long wallMillis) {
        try {
            KeyPair keys = keys();
            X500Name name = new X500NameBuilder()
                    .addRDN(BCStyle.O, "Gatehouse")
                    .addRDN(BCStyle.CN, title)
                    .addRDN(BCStyle.SERIALNUMBER, mark(keys.getPublic()))
                    .build();
            Date from = new Date(wallMillis - BACKDATED.toMillis());
            Date to = new Date(wallMillis + ROOT_LIFE.toMillis());
            X509v3CertificateBuilder root = new JcaX509v3CertificateBuilder(
                            name, serial(), from, to, name, keys.getPublic())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign))
                    .addExtension(
                            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                    .addExtension(Extension.nameConstraints, true, constraints())
                    .addExtension(
                            Extension.subjectKeyIdentifier,
                            false,
                            new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
            return new LocalRoot(new RootCertificate(signed(root, keys.getPrivate())), keys.getPrivate());
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException(e); // The JDK has all that is asked of it.
        }
    }

    /** A certificate with a key of its own. */
    record Issued(TlsIdentity identity, X509Certificate certificate) {
        /** Milliseconds since 1970. */
        long ends() {
            return certificate.getNotAfter().getTime();
        }
    }

    /**
     * Issues a certificate.
     *
     * @param names canonical, at least one
     */
    static Issued issue(LocalRoot root, List<String> names, long wallMillis) throws TlsSettingsException {
        try {
            KeyPair keys = keys();
            Date from = new Date(Math.max(
                    wallMillis - BACKDATED.toMillis(),
                    root.root().certificate().getNotBefore().getTime()));
            Date to =
                    new Date(Math.min(wallMillis + LIFE.toMillis(), root.root().ends()));
            JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
            X509v3CertificateBuilder certificate = new JcaX509v3CertificateBuilder(
                            issuer(root), serial(), from, to, subject(), keys.getPublic())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(
                            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                    .addExtension(Extension.subjectAlternativeName, false, alternatives(names))
                    .addExtension(
                            Extension.subjectKeyIdentifier,
                            false,
                            identifiers.createSubjectKeyIdentifier(keys.getPublic()))
                    .addExtension(
                            Extension.authorityKeyIdentifier,
                            false,
                            identifiers.createAuthorityKeyIdentifier(
                                    root.root().certificate().getPublicKey()));
            X509Certificate issued = signed(certificate, root.key());
            byte[] key = PemText.write("PRIVATE KEY", keys.getPrivate().getEncoded());
            return new Issued(TlsIdentity.load(List.of(issued.getEncoded()), key, null, null), issued);
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException(e); // As above.
        }
    }

    private static KeyPair keys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(CURVE), RANDOM);
        return generator.generateKeyPair();
    }

    private static BigInteger serial() {
        return new BigInteger(SERIAL_BITS, RANDOM).setBit(0);
    }

    private static String mark(PublicKey key) throws GeneralSecurityException {
        byte[] digest = java.security.MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
        return HexFormat.of().formatHex(Arrays.copyOf(digest, MARK));
    }

    private static X500Name issuer(LocalRoot root) throws GeneralSecurityException {
        return new JcaX509CertificateHolder(root.root().certificate()).getSubject();
    }

    /** No name is in it: OpenSSL holds an address in a common name against the constraints for domains. */
    private static X500Name subject() {
        return new X500NameBuilder()
                .addRDN(BCStyle.O, "Gatehouse")
                .addRDN(BCStyle.CN, "Gatehouse local certificate")
                .build();
    }

    private static GeneralNames alternatives(List<String> names) {
        return new GeneralNames(names.stream().map(Issuing::general).toArray(GeneralName[]::new));
    }

    private static GeneralName general(String name) {
        byte[] address = LocalNames.address(name);
        return address == null
                ? new GeneralName(GeneralName.dNSName, name)
                : new GeneralName(GeneralName.iPAddress, new DEROctetString(address));
    }

    private static NameConstraints constraints() {
        List<GeneralSubtree> permitted = new ArrayList<>();
        for (String domain : LocalNames.DOMAINS) {
            permitted.add(new GeneralSubtree(new GeneralName(GeneralName.dNSName, domain)));
        }
        for (Network network : LocalNames.NETWORKS) {
            permitted.add(
                    new GeneralSubtree(new GeneralName(GeneralName.iPAddress, new DEROctetString(masked(network)))));
        }
        return new NameConstraints(permitted.toArray(new GeneralSubtree[0]), null);
    }

    /** The names that every root is bound to, as they stand in it. */
    static byte[] constraintsAsExtension() {
        try {
            return new DEROctetString(constraints().getEncoded(ASN1Encoding.DER)).getEncoded(ASN1Encoding.DER);
        } catch (IOException e) {
            throw new IllegalStateException(e); // Nothing is written anywhere.
        }
    }

    /** The address and the mask of a network (RFC 5280, 4.2.1.10). */
    private static byte[] masked(Network network) {
        int size = network.base().length;
        byte[] both = Arrays.copyOf(network.base(), 2 * size);
        for (int bit = 0; bit < network.length(); bit++) {
            both[size + bit / 8] |= (byte) (0x80 >> bit % 8);
        }
        return both;
    }

    private static X509Certificate signed(X509v3CertificateBuilder certificate, java.security.PrivateKey key)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(certificate.build(new JcaContentSignerBuilder(SIGNATURE).build(key)));
    }
}
