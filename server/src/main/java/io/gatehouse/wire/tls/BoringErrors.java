package io.gatehouse.wire.tls;

import io.netty.internal.tcnative.SSL;

/** What BoringSSL says of an error, as nginx writes it. */
final class BoringErrors {
    /** What it would say of a list without a cipher, had it to read one. */
    static final String NO_CIPHER = "error:100000b1:SSL routines:OPENSSL_internal:NO_CIPHER_MATCH";

    private static final int LIBRARY_SSL = 16;
    /** Reasons above are alerts that the peer has sent. */
    private static final int FIRST_ALERT = 1000;

    private BoringErrors() {}

    /** Takes the errors of this thread: "error:10000416:SSL routines:...:SSL alert number 46", several with a blank between. */
    static String take() {
        StringBuilder text = new StringBuilder();
        int number;
        while ((number = SSL.getLastErrorNumber()) != 0) {
            if (!text.isEmpty()) {
                text.append(' ');
            }
            text.append(SSL.getErrorString(Integer.toUnsignedLong(number)));
            int reason = number & 0xfff;
            if (number >>> 24 == LIBRARY_SSL && reason > FIRST_ALERT) {
                text.append(":SSL alert number ").append(reason - FIRST_ALERT);
            }
        }
        return text.toString();
    }

    /** The error within the message of one of tcnative's exceptions: "Unable to ... (error:...)". */
    static String within(Exception e) {
        String message = String.valueOf(e.getMessage());
        int start = message.indexOf("error:");
        int end = message.lastIndexOf(')');
        return start < 0 ? message : message.substring(start, end > start ? end : message.length());
    }
}
