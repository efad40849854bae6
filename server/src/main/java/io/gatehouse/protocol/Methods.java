package io.gatehouse.protocol;

import java.nio.charset.StandardCharsets;

/** The names of methods: constants for the known ones, so that a request makes no string for it. */
public final class Methods {
    private static final String[] NAMES = {
        "GET",
        "HEAD",
        "POST",
        "PUT",
        "DELETE",
        "OPTIONS",
        "PATCH",
        "TRACE",
        "CONNECT",
        "PROPFIND",
        "PROPPATCH",
        "MKCOL",
        "COPY",
        "MOVE",
        "LOCK",
        "UNLOCK",
    };

    private Methods() {}

    public static String name(byte[] b, int start, int end) {
        for (String name : NAMES) {
            if (equals(b, start, end, name)) {
                return name;
            }
        }
        return new String(b, start, end - start, StandardCharsets.ISO_8859_1);
    }

    public static boolean equals(byte[] b, int start, int end, String name) {
        int length = end - start;
        if (length != name.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (b[start + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
