package io.gatehouse.module.ssl;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/** Names in certificates as OpenSSL writes them. */
final class Names {
    /** Short names that the JDK does not know by itself. */
    private static final Map<String, String> KEYWORDS = Map.of(
            "1.2.840.113549.1.9.1", "emailAddress",
            "2.5.4.5", "serialNumber",
            "2.5.4.4", "SN",
            "2.5.4.42", "GN",
            "2.5.4.12", "title",
            "2.5.4.43", "initials",
            "0.9.2342.19200300.100.1.25", "DC",
            "0.9.2342.19200300.100.1.1", "UID");

    private Names() {}

    /** As XN_FLAG_RFC2253: the last part first, separated by commas. */
    static String rfc2253(X500Principal name) {
        return octets(name.getName(X500Principal.RFC2253, KEYWORDS));
    }

    /** Other octets than ASCII's are escaped, as OpenSSL's ASN1_STRFLGS_ESC_MSB does. */
    private static String octets(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (byte b : text.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            if (b < 0) {
                out.append('\\').append(HexFormat.of().withUpperCase().toHexDigits(b));
            } else {
                out.append((char) b);
            }
        }
        return out.toString();
    }

    /** As X509_NAME_oneline: the first part first, each with a slash before it. */
    static String oneLine(X500Principal name) {
        StringBuilder line = new StringBuilder();
        try {
            List<Rdn> parts = new LdapName(name.getName(X500Principal.RFC2253, KEYWORDS)).getRdns();
            for (Rdn part : parts) {
                line.append('/').append(part.getType()).append('=').append(part.getValue());
            }
        } catch (InvalidNameException e) {
            return rfc2253(name);
        }
        return line.toString();
    }
}
