package io.gatehouse.protocol;

import io.gatehouse.exchange.Exchange;
import java.nio.charset.StandardCharsets;

/** The target of a request: sets path and query of an exchange from what was received. Belongs to one loop. */
public final class RequestTarget {
    private final UriDecoder decoder = new UriDecoder();

    /**
     * Reads a target in origin form (RFC 9112, 3.2.1) that stands for itself, as in {@code :path}. Returns whether it is valid:
     * it begins with a slash and has neither spaces nor control bytes.
     */
    public boolean read(Exchange x, byte[] b, int start, int end) {
        if (start == end || b[start] != '/') {
            return false;
        }
        boolean decode = false;
        int argsStart = -1;
        byte before = 0;
        for (int p = start; p < end; p++) {
            byte c = b[p];
            if (!Ascii.isPlainUri(c)) {
                if (c == ' ' || Ascii.isControl(c)) {
                    return false;
                }
                if (c == '#') {
                    decode = true;
                } else if (argsStart < 0) {
                    decode |= c == '%' || (c == '/' || c == '.') && before == '/';
                    if (c == '?') {
                        argsStart = p + 1;
                    }
                }
            }
            before = c;
        }
        return set(x, b, start, end, argsStart, decode, false);
    }

    /**
     * Sets what was found out of {@code b[start, end)} by others.
     *
     * @param argsStart behind the question mark, or -1
     * @param decode whether the path is not what it stands for: it has %XX, dot segments, double slashes or a fragment
     * @param emptyPath whether the path is missing and the target begins with the question mark
     */
    public boolean set(Exchange x, byte[] b, int start, int end, int argsStart, boolean decode, boolean emptyPath) {
        x.unparsedUri = text(b, start, end);
        x.uriIsUnparsed = !emptyPath;
        if (decode || emptyPath) {
            if (!decoder.decode(b, start, end, emptyPath, x.server.settings().mergeSlashes())) {
                return false;
            }
            x.uri = decoder.path;
            x.args = decoder.argsStart < 0 ? "" : text(b, decoder.argsStart, decoder.argsEnd);
        } else if (argsStart >= 0) {
            x.uri = text(b, start, argsStart - 1);
            x.args = text(b, argsStart, end);
        } else {
            x.uri = x.unparsedUri;
        }
        return true;
    }

    private static String text(byte[] b, int start, int end) {
        return new String(b, start, end - start, StandardCharsets.ISO_8859_1);
    }
}
