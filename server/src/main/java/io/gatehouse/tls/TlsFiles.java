package io.gatehouse.tls;

import io.gatehouse.wire.Errno;
import io.gatehouse.wire.tls.PemText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads what certificates, keys and their like are kept in. Names are octet strings as in the configuration: relative to its
 * folder, or {@code data:} with the text itself behind it. Messages are nginx's, with the words of OpenSSL 3. Blocks.
 */
public final class TlsFiles {
    private static final String DATA = "data:";
    private static final Set<String> CERTIFICATES = Set.of("CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE");
    private static final int LONGEST_PASSWORD = 512;

    private final Path folder;

    /** @param folder of the configuration */
    public TlsFiles(Path folder) {
        this.folder = folder;
    }

    /** Whether the name holds the text itself. */
    public static boolean isData(String name) {
        return name.startsWith(DATA);
    }

    /** The file that the name means. */
    Path path(String name) throws IOException {
        try {
            return folder.resolve(new String(name.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
        } catch (InvalidPathException e) {
            throw new IOException("No such file or directory");
        }
    }

    /** The name as nginx tells it. */
    public String shown(String name) {
        return isData(name) || name.startsWith("/") ? name : octets(folder.toString()) + "/" + name;
    }

    private static String octets(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** A certificate with its chain, in DER; at least one. */
    public List<byte[]> chain(String name) throws UnusableFileException {
        String what = "cannot load certificate \"" + shown(name) + "\": ";
        byte[] text = text(what, name);
        List<byte[]> chain = new ArrayList<>();
        for (PemText.Block block : blocks(what, "PEM_read_bio_X509_AUX", text)) {
            if (CERTIFICATES.contains(block.label())) {
                chain.add(certificate(
                        what, chain.isEmpty() ? "PEM_read_bio_X509_AUX" : "PEM_read_bio_X509", block.der()));
            }
        }
        if (chain.isEmpty()) {
            throw noStart(what, "PEM_read_bio_X509_AUX", "TRUSTED CERTIFICATE");
        }
        return chain;
    }

    /** Checks that it is one; what an OpenSSL certificate says of trust behind it is left out. */
    private static byte[] certificate(String what, String call, byte[] der) throws UnusableFileException {
        try {
            return parse(der).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new UnusableFileException(
                    what + call + "() failed (SSL: error:0688010A:asn1 encoding routines::nested asn1 error)");
        }
    }

    private static X509Certificate parse(byte[] der) throws GeneralSecurityException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }

    /** The certificates of authorities; at least one. */
    public List<X509Certificate> authorities(String name) throws UnusableFileException {
        String what = "cannot load certificate \"" + shown(name) + "\": ";
        List<X509Certificate> all = new ArrayList<>();
        for (PemText.Block block : blocks(what, "PEM_read_bio_X509_AUX", text(what, name))) {
            if (CERTIFICATES.contains(block.label())) {
                try {
                    all.add(parse(block.der()));
                } catch (GeneralSecurityException e) {
                    certificate(what, "PEM_read_bio_X509_AUX", block.der());
                }
            }
        }
        if (all.isEmpty()) {
            throw noStart(what, "PEM_read_bio_X509_AUX", "TRUSTED CERTIFICATE");
        }
        return all;
    }

    /** Lists of revoked certificates; at least one. */
    public List<X509CRL> revocations(String name) throws UnusableFileException {
        String what = "cannot load CRL \"" + shown(name) + "\": ";
        List<X509CRL> lists = new ArrayList<>();
        for (PemText.Block block : blocks(what, "PEM_read_bio_X509_CRL", text(what, name))) {
            if (block.label().equals("X509 CRL")) {
                try {
                    lists.add((X509CRL)
                            CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(block.der())));
                } catch (GeneralSecurityException e) {
                    throw new UnusableFileException(what + "PEM_read_bio_X509_CRL() failed"
                            + " (SSL: error:0688010A:asn1 encoding routines::nested asn1 error)");
                }
            }
        }
        if (lists.isEmpty()) {
            throw noStart(what, "PEM_read_bio_X509_CRL", "X509 CRL");
        }
        return lists;
    }

    /** The text of a private key. */
    byte[] key(String name) throws UnusableFileException {
        return text("cannot load certificate key \"" + shown(name) + "\": ", name);
    }

    private byte[] text(String what, String name) throws UnusableFileException {
        if (isData(name)) {
            return name.substring(DATA.length()).getBytes(StandardCharsets.ISO_8859_1);
        }
        try {
            return Files.readAllBytes(path(name));
        } catch (IOException e) {
            int number = Errno.number(e);
            String text = Errno.text(e);
            String reason = text.substring(text.indexOf(':') + 1).strip();
            throw new UnusableFileException(what + "BIO_new_file() failed (SSL: error:8"
                    + String.format("%07X", number) + ":system library::" + reason + ":calling fopen(" + shown(name)
                    + ", r) error:10000080:BIO routines::no such file)");
        }
    }

    private static List<PemText.Block> blocks(String what, String call, byte[] text) throws UnusableFileException {
        try {
            return PemText.read(text);
        } catch (IllegalArgumentException e) {
            String reason = "bad end line".equals(e.getMessage())
                    ? "error:04800066:PEM routines::bad end line"
                    : "error:04800064:PEM routines::bad base64 decode";
            throw new UnusableFileException(what + call + "() failed (SSL: " + reason + ")");
        }
    }

    private static UnusableFileException noStart(String what, String call, String label) {
        return new UnusableFileException(
                what + call + "() failed (SSL: error:0480006C:PEM routines::no start line:Expecting: " + label + ")");
    }

    /** The passwords of a file ({@code ssl_password_file}), one a line; one that is empty if there is none. */
    public static List<String> passwords(Path file) throws UnusableFileException {
        String name = octets(file.toString());
        String text;
        try {
            text = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UnusableFileException("open() \"" + name + "\" failed (" + Errno.text(e) + ")");
        }
        List<String> passwords = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            String password = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
            if (password.length() >= LONGEST_PASSWORD) {
                throw new UnusableFileException("too long line in \"" + name + "\"");
            }
            if (!password.isEmpty()) {
                passwords.add(password);
            }
        }
        return passwords.isEmpty() ? List.of("") : List.copyOf(passwords);
    }
}
