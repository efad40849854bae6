package io.gatehouse.wire.dns;

import java.util.Locale;

/** Names in the form in which they are asked for and remembered: in lower case, without the dot of the root. */
final class DnsNames {
    /** The longest text; two more than RFC 1035 has octets for, as nginx and some servers do not count them. */
    static final int LONGEST = 255;

    private static final int LONGEST_LABEL = 63;

    private DnsNames() {}

    static String normal(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    /** The name of the records of a service: {@code _http._tcp.example.com}; one with a dot stands for itself. */
    static String ofService(String service, String host) {
        return normal(service.indexOf('.') < 0 ? "_" + service + "._tcp." + host : service + "." + host);
    }

    /** Whether it can be written into a question. */
    static boolean isAskable(String name) {
        if (name.isEmpty() || name.length() > LONGEST) {
            return false;
        }
        int label = 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c > 0xff) {
                return false;
            }
            if (c != '.') {
                label++;
            } else if (label == 0) {
                return false;
            } else {
                label = 0;
            }
            if (label > LONGEST_LABEL) {
                return false;
            }
        }
        return label > 0;
    }
}
