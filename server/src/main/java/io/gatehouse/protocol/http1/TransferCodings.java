package io.gatehouse.protocol.http1;

import io.gatehouse.protocol.Ascii;

/**
 * What a Transfer-Encoding that is not exactly "chunked" is refused with. 501 says: a coding that there is, and that is not
 * spoken here (RFC 9112, 6.1); everything else is 400, as nobody could say where the message ends (6.3).
 */
final class TransferCodings {
    private static final int BAD_REQUEST = 400;
    private static final int NOT_IMPLEMENTED = 501;

    /** IANA's registry of transfer codings, less chunked and identity. */
    private static final String[] KNOWN = {"gzip", "x-gzip", "deflate", "compress", "x-compress"};

    private TransferCodings() {}

    /**
     * The status for a list of codings: 501 if each is registered, and the last is chunked, which stands there once.
     * "identity", which was withdrawn, never hid where a body ends; a list that has it is 501 as well, as in nginx.
     */
    static int refusal(byte[] b, int start, int end) {
        int chunked = 0;
        boolean identity = false;
        boolean chunkedLast = false;
        for (int p = start; ; ) {
            int from = p;
            while (p < end && b[p] != ',') {
                p++;
            }
            int to = p++;
            while (from < to && Ascii.isBlank(b[from])) {
                from++;
            }
            while (to > from && Ascii.isBlank(b[to - 1])) {
                to--;
            }
            chunkedLast = Ascii.equalsIgnoreCase(b, from, to, "chunked");
            boolean none = Ascii.equalsIgnoreCase(b, from, to, "identity");
            if (!chunkedLast && !none && !isKnown(b, from, to)) {
                return BAD_REQUEST;
            }
            chunked += chunkedLast ? 1 : 0;
            identity |= none;
            if (p > end) {
                break;
            }
        }
        return chunked <= 1 && (chunkedLast || identity) ? NOT_IMPLEMENTED : BAD_REQUEST;
    }

    private static boolean isKnown(byte[] b, int from, int to) {
        for (String coding : KNOWN) {
            if (Ascii.equalsIgnoreCase(b, from, to, coding)) {
                return true;
            }
        }
        return false;
    }
}
