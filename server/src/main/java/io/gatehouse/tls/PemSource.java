package io.gatehouse.tls;

import io.gatehouse.wire.tls.Certificates;
import io.gatehouse.wire.tls.PemText;
import io.gatehouse.wire.tls.TlsIdentity;
import io.gatehouse.wire.tls.TlsSettingsException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.cert.X509CertificateHolder;
import org.jspecify.annotations.Nullable;

/**
 * Certificates, keys and revocation lists in PEM, from a file or from the text behind {@code data:}. Blocks while it reads.
 * What goes wrong is said as nginx says it with OpenSSL 3.
 *
 * @param name the file's full path, or the text with {@code data:} before it
 */
public record PemSource(String name) {
    private static final String DATA = "data:";
    private static final String FILE_STORE = "store:file:";

    /** Finds the source: paths are relative to {@code folder}. */
    public static PemSource of(String said, Path folder) {
        boolean whole = said.startsWith(DATA) || said.startsWith("engine:") || said.startsWith("store:");
        return new PemSource(whole ? said : octets(folder.resolve(path(said)).normalize()));
    }

    /** Written out, as is {@link #hashCode}: to have the JVM make them takes a start several milliseconds. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PemSource source && name.equals(source.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    private static Path path(String octets) {
        return Path.of(new String(octets.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
    }

    private static String octets(Path path) {
        return new String(path.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** The file, or null if this is no file. */
    public @Nullable Path file() {
        return name.startsWith(DATA) || name.startsWith("engine:") || name.startsWith("store:") ? null : path(name);
    }

    private byte[] read(String kind) throws LoadException {
        if (name.startsWith(DATA)) {
            return name.substring(DATA.length()).getBytes(StandardCharsets.ISO_8859_1);
        }
        try {
            return PemFiles.bytes(path(name));
        } catch (IOException | SecurityException e) {
            throw cannot(kind, "BIO_new_file() failed (SSL: " + reason(e) + ")");
        }
    }

    private String reason(Exception e) {
        String call = ":calling fopen(" + name + ", r) ";
        return switch (e) {
            case NoSuchFileException _ ->
                "error:80000002:system library::No such file or directory" + call
                        + "error:10000080:BIO routines::no such file";
            case AccessDeniedException _ ->
                "error:8000000D:system library::Permission denied" + call + "error:10080002:BIO routines::system lib";
            default ->
                "error:80000000:system library::" + e.getMessage() + call + "error:10080002:BIO routines::system lib";
        };
    }

    private LoadException cannot(String kind, String why) {
        return new LoadException("cannot load " + kind + " \"" + name + "\": " + why);
    }

    private List<byte[]> blocks(String kind, String call, String expected, byte[] text) throws LoadException {
        List<byte[]> found = new ArrayList<>();
        try {
            for (PemText.Block block : PemText.read(text)) {
                if (isOf(expected, block.label())) {
                    found.add(firstElement(block.der()));
                }
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw cannot(kind, call + "() failed (SSL: error:04800066:PEM routines::bad end line)");
        }
        if (found.isEmpty()) {
            String wanted = expected.equals("CERTIFICATE") ? "TRUSTED CERTIFICATE" : expected;
            throw cannot(
                    kind,
                    call + "() failed (SSL: error:0480006C:PEM routines::no start line:Expecting: " + wanted + ")");
        }
        return found;
    }

    private static boolean isOf(String expected, String label) {
        return label.equals(expected)
                || expected.equals("CERTIFICATE")
                        && (label.equals("X509 CERTIFICATE") || label.equals("TRUSTED CERTIFICATE"));
    }

    /** A trusted certificate has its trust behind it. */
    private static byte[] firstElement(byte[] der) {
        int length = der[1] & 255;
        int header = 2;
        if (length >= 0x80) {
            header += length & 0x7f;
            length = 0;
            for (int i = 2; i < header; i++) {
                length = length << 8 | der[i] & 255;
            }
        }
        return der.length == header + length ? der : java.util.Arrays.copyOf(der, header + length);
    }

    /** Certificates in DER, at least one. */
    public List<byte[]> chain() throws LoadException {
        List<byte[]> chain = blocks("certificate", "PEM_read_bio_X509_AUX", "CERTIFICATE", read("certificate"));
        for (byte[] der : chain) {
            holder(der);
        }
        return chain;
    }

    /**
     * What a certificate says, without a way to use its key. The JDK's own reading of it brings along what it uses keys with, and
     * its logging, which opens every library in search of another: a fifth of a start.
     */
    private X509CertificateHolder holder(byte[] der) throws LoadException {
        try {
            return new X509CertificateHolder(der);
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    private LoadException malformed(Exception e) {
        return cannot(
                "certificate",
                "PEM_read_bio_X509_AUX() failed (SSL: error:0688010A:asn1 encoding routines::nested asn1 error:"
                        + e.getMessage() + ")");
    }

    /** Certificates, at least one. */
    public List<X509Certificate> certificates() throws LoadException {
        return parse(blocks("certificate", "PEM_read_bio_X509_AUX", "CERTIFICATE", read("certificate")));
    }

    /** Certificates that were read from this source already. */
    public List<X509Certificate> parsed(List<byte[]> ders) throws LoadException {
        return parse(ders);
    }

    private List<X509Certificate> parse(List<byte[]> ders) throws LoadException {
        try {
            return Certificates.ofDers(ders);
        } catch (CertificateException e) {
            throw malformed(e);
        }
    }

    /** What the first certificate of {@link #chain} says. */
    public X509CertificateHolder own(List<byte[]> chain) throws LoadException {
        return holder(chain.getFirst());
    }

    /** Revocation lists, at least one. */
    public List<X509CRL> lists() throws LoadException {
        List<X509CRL> lists = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (byte[] der : blocks("CRL", "PEM_read_bio_X509_CRL", "X509 CRL", read("CRL"))) {
                lists.add((X509CRL) factory.generateCRL(new ByteArrayInputStream(der)));
            }
        } catch (CertificateException | CRLException e) {
            throw cannot("CRL", "PEM_read_bio_X509_CRL() failed (SSL: " + e.getMessage() + ")");
        }
        return lists;
    }

    /**
     * Loads the key of this source and puts it to a certificate.
     *
     * @param chain of {@link #chain}
     * @param passwords to try if the key is encrypted
     */
    public TlsIdentity identity(List<byte[]> chain, List<String> passwords) throws LoadException {
        byte[] key = key();
        try {
            return identity(chain, key, passwords);
        } finally {
            java.util.Arrays.fill(key, (byte) 0);
        }
    }

    /** The text of the key of this source. */
    byte[] key() throws LoadException {
        if (name.startsWith("engine:")) {
            throw cannot("certificate key", "loading \"engine:...\" certificate keys is not supported");
        }
        PemSource source = this;
        if (name.startsWith(FILE_STORE)) {
            source = new PemSource(name.substring(FILE_STORE.length()));
        } else if (name.startsWith("store:")) {
            throw cannot("certificate key", "loading \"store:...\" certificate keys is not supported");
        }
        return source.read("certificate key");
    }

    /** As {@link #identity(List, List)}, with a key that was read already. */
    TlsIdentity identity(List<byte[]> chain, byte[] key, List<String> passwords) throws LoadException {
        try {
            return load(chain, key, passwords);
        } catch (TlsSettingsException e) {
            if (e.call().equals("PEM_read_bio_PrivateKey")) {
                throw cannot("certificate key", e.call() + "() failed (SSL: " + e.error() + ")");
            }
            throw new LoadException(e.call() + "(\"" + name + "\") failed (SSL: " + e.error() + ")");
        }
    }

    private static TlsIdentity load(List<byte[]> chain, byte[] key, List<String> passwords)
            throws TlsSettingsException {
        if (passwords.isEmpty()) {
            return TlsIdentity.load(chain, key, null, null);
        }
        TlsSettingsException last = null;
        for (String password : passwords) {
            try {
                return TlsIdentity.load(chain, key, password, null);
            } catch (TlsSettingsException e) {
                last = e;
                if (!e.call().equals("PEM_read_bio_PrivateKey")) {
                    break;
                }
            }
        }
        throw java.util.Objects.requireNonNull(last);
    }
}
