package io.gatehouse.wire.tls;

import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** Whether a certificate was issued for a name (RFC 9525, and as OpenSSL's X509_check_host: the common name counts where there is no other). */
final class PeerName {
    private static final int DNS = 2;
    private static final int ADDRESS = 7;

    private PeerName() {}

    static boolean matches(X509Certificate certificate, String host) {
        Collection<List<?>> names;
        try {
            names = certificate.getSubjectAlternativeNames();
        } catch (CertificateParsingException e) {
            return false;
        }
        boolean anyDns = false;
        if (names != null) {
            for (List<?> name : names) {
                int kind = (Integer) name.get(0);
                if (kind == DNS) {
                    anyDns = true;
                    if (matches((String) name.get(1), host)) {
                        return true;
                    }
                } else if (kind == ADDRESS && sameAddress((String) name.get(1), host)) {
                    return true;
                }
            }
        }
        return !anyDns && matches(commonName(certificate), host);
    }

    private static String commonName(X509Certificate certificate) {
        try {
            List<Rdn> parts = new LdapName(certificate.getSubjectX500Principal().getName()).getRdns();
            for (int i = parts.size() - 1; i >= 0; i--) {
                if (parts.get(i).getType().equalsIgnoreCase("CN")) {
                    return parts.get(i).getValue().toString();
                }
            }
        } catch (InvalidNameException e) {
            // Then it has none that could be compared.
        }
        return "";
    }

    /** A wildcard is the whole first label, and stands for one label. */
    static boolean matches(String pattern, String host) {
        String p = pattern.toLowerCase(Locale.ROOT);
        String h = host.toLowerCase(Locale.ROOT);
        if (h.endsWith(".")) {
            h = h.substring(0, h.length() - 1);
        }
        if (p.isEmpty() || h.isEmpty()) {
            return false;
        }
        if (!p.startsWith("*.")) {
            return p.equals(h);
        }
        int dot = h.indexOf('.');
        return dot > 0
                && p.indexOf('.', 2) > 0
                && p.indexOf('*', 1) < 0
                && p.substring(1).equals(h.substring(dot));
    }

    private static boolean sameAddress(String inCertificate, String host) {
        if (host.isEmpty() || !host.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == '.' || c == ':')) {
            return false;
        }
        if (host.indexOf(':') < 0 && host.chars().anyMatch(c -> c != '.' && (c < '0' || c > '9'))) {
            return false; // A name, which must not be looked up.
        }
        try {
            return InetAddress.ofLiteral(inCertificate).equals(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
