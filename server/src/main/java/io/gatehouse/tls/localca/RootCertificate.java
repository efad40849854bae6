package io.gatehouse.tls.localca;

import io.gatehouse.wire.tls.Certificates;
import io.gatehouse.wire.tls.PemText;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;

/**
 * The certificate of a root of a local authority, as others are to trust it. Immutable.
 *
 * @param certificate an authority's, bound to local names
 */
public record RootCertificate(X509Certificate certificate) {
    /** With what every title begins, on every machine. */
    public static final String TITLE = "Gatehouse local authority";

    /** Of the user and of the machine: a common name has 64 characters at most (RFC 5280, appendix A). */
    private static final int LONGEST = 17;

    /** Files are named by these, also by root for others. */
    private static final Pattern TITLES = Pattern.compile(TITLE + " \\([A-Za-z0-9._-]+@[A-Za-z0-9._-]*\\)");

    private static final Pattern MARKS = Pattern.compile("[0-9a-f]+");

    private static final String NAME_CONSTRAINTS = "2.5.29.30";
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy-MM-dd", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** The title of a root that is made by a user on a machine; the machine's domain is left out, and it is cut to fit. */
    public static String title(String user, String machine) {
        int dot = machine.indexOf('.');
        return TITLE + " (" + plain(user) + "@" + plain(dot > 0 ? machine.substring(0, dot) : machine) + ")";
    }

    /** What every program and every shell takes as it is. */
    private static String plain(String text) {
        String plain = text.replaceAll("[^A-Za-z0-9._-]", "-");
        return plain.substring(0, Math.min(LONGEST, plain.length()));
    }

    /** @throws CertificateException if it is not that of a root of a local authority */
    public static RootCertificate of(byte[] der) throws CertificateException {
        RootCertificate root = new RootCertificate(Certificates.ofDer(der));
        if (root.certificate.getBasicConstraints() < 0
                || root.certificate.getExtensionValue(NAME_CONSTRAINTS) == null
                || !TITLES.matcher(root.title()).matches()
                || !MARKS.matcher(root.mark()).matches()) {
            throw new CertificateException("the certificate is not that of a local authority");
        }
        return root;
    }

    /**
     * Reads certificates, each a root's.
     *
     * @throws GeneralSecurityException if there is anything else, or nothing
     */
    public static List<RootCertificate> read(String pem) throws GeneralSecurityException {
        List<RootCertificate> roots = new ArrayList<>();
        try {
            for (PemText.Block block : PemText.read(pem.getBytes(StandardCharsets.ISO_8859_1))) {
                roots.add(of(block.der()));
            }
        } catch (IllegalArgumentException e) {
            throw new CertificateException("it is no PEM: " + e.getMessage(), e);
        }
        if (roots.isEmpty()) {
            throw new CertificateException("there is no certificate");
        }
        return List.copyOf(roots);
    }

    /** Its common name: whose authority it is, on which machine. Successors have the same. */
    public String title() {
        String title = part("CN");
        return title == null ? "" : title;
    }

    /** Tells it from others with its title: eight hexadecimal digits. */
    public String mark() {
        String mark = part("SERIALNUMBER");
        if (mark == null) {
            mark = part("OID.2.5.4.5");
        }
        return mark == null ? certificate.getSerialNumber().toString(16) : mark;
    }

    private @Nullable String part(String type) {
        try {
            // RFC 1779's form names the parts that RFC 2253 has only numbers for
            for (Rdn rdn : new LdapName(certificate.getSubjectX500Principal().getName("RFC1779")).getRdns()) {
                if (rdn.getType().equalsIgnoreCase(type)) {
                    return rdn.getValue().toString();
                }
            }
        } catch (InvalidNameException e) {
            // Then it is none of ours.
        }
        return null;
    }

    public String pem() {
        try {
            return new String(PemText.certificate(certificate.getEncoded()), StandardCharsets.US_ASCII);
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e); // It was decoded from one.
        }
    }

    /** Milliseconds since 1970. */
    public long ends() {
        return certificate.getNotAfter().getTime();
    }

    /** Whether it can certify local names alone. Whoever has others trust the root of another user looks first. */
    public boolean isBound() {
        Set<String> critical = certificate.getCriticalExtensionOIDs();
        return critical != null
                && critical.contains(NAME_CONSTRAINTS)
                && Arrays.equals(certificate.getExtensionValue(NAME_CONSTRAINTS), Issuing.constraintsAsExtension());
    }

    /** The day of its end, as 2028-11-26. */
    public String lastDay() {
        return DAY.format(certificate.getNotAfter().toInstant());
    }

    boolean isValid(long wallMillis) {
        return wallMillis >= certificate.getNotBefore().getTime() && wallMillis <= ends();
    }
}
