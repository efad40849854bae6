package io.gatehouse.tls.acme;

import io.gatehouse.wire.tls.Certificates;
import io.gatehouse.wire.tls.PemText;
import io.gatehouse.wire.tls.TlsIdentity;
import io.gatehouse.wire.tls.TlsSettingsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A certificate in a state folder: the key and the chain behind it in one file of PEM, so that there never is the one without the
 * other.
 */
final class CertificateFile {
    private static final HexFormat HEX = HexFormat.of();

    private CertificateFile() {}

    /** What everything about a wish is called in a state folder; the same for the same names and kind of key. */
    static String id(CertificateWish wish) {
        List<String> names = new ArrayList<>(
                wish.identifiers().stream().map(AcmeIdentifier::text).toList());
        names.sort(null);
        names.add(wish.key().text());
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(String.join("\n", names).getBytes(StandardCharsets.UTF_8));
            String first = wish.identifiers().get(0).text().replace(':', '_');
            return (first.length() > 100 ? first.substring(0, 100) : first) + "-" + HEX.formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // Every JDK has it.
        }
    }

    private static String file(String id) {
        return id + ".pem";
    }

    /** Puts key and chain together; {@code IOException} if they do not belong together. */
    static IssuedCertificate of(List<X509Certificate> chain, String keyPem) throws IOException {
        StringBuilder pem = new StringBuilder();
        List<byte[]> ders = new ArrayList<>();
        try {
            for (X509Certificate certificate : chain) {
                byte[] der = certificate.getEncoded();
                ders.add(der);
                pem.append(new String(PemText.certificate(der), StandardCharsets.US_ASCII));
            }
            TlsIdentity identity = TlsIdentity.load(ders, keyPem.getBytes(StandardCharsets.US_ASCII), null, null);
            return new IssuedCertificate(List.copyOf(chain), pem.toString(), keyPem, identity);
        } catch (CertificateEncodingException | TlsSettingsException e) {
            throw new IOException("the certificate and the key cannot be used: " + e.getMessage(), e);
        }
    }

    static void write(StateFolder folder, String id, AcmeIssuer issuer, IssuedCertificate issued) throws IOException {
        String text = issuer.directory() + "\n" + issued.keyPem() + issued.chainPem();
        folder.write(file(id), text.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * The one that is there, or null. One of another authority is none: whoever tries things out has its folder taken over later
     * by the authority that is meant.
     *
     * @throws DamagedFile if there is one that cannot be used
     */
    static @Nullable IssuedCertificate read(StateFolder folder, String id, AcmeIssuer issuer)
            throws IOException, DamagedFile {
        byte[] text = folder.read(file(id));
        if (text == null || isOfAnother(text, issuer)) {
            return null;
        }
        try {
            return parse(text);
        } catch (IOException | IllegalArgumentException e) {
            throw new DamagedFile(file(id), String.valueOf(e.getMessage()));
        }
    }

    /** The directory stands before the key. */
    private static boolean isOfAnother(byte[] text, AcmeIssuer issuer) {
        String first =
                new String(text, StandardCharsets.US_ASCII).lines().findFirst().orElse("");
        return first.startsWith("http") && !first.equals(issuer.directory().toString());
    }

    private static IssuedCertificate parse(byte[] text) throws IOException {
        String key = null;
        List<X509Certificate> chain = new ArrayList<>();
        try {
            for (PemText.Block block : PemText.read(text)) {
                if (block.label().equals("CERTIFICATE")) {
                    chain.add(Certificates.ofDer(block.der()));
                } else {
                    key = new String(PemText.write(block.label(), block.der()), StandardCharsets.US_ASCII);
                }
            }
        } catch (CertificateException e) {
            throw new IOException("not a certificate: " + e.getMessage(), e);
        }
        if (key == null || chain.isEmpty()) {
            throw new IOException("it has no certificate or no key");
        }
        return of(chain, key);
    }
}
