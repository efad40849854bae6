package io.gatehouse.protocol.http2;

import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.Headers;
import io.gatehouse.protocol.Ascii;
import io.gatehouse.protocol.RequestFields;
import org.jspecify.annotations.Nullable;

/** What a field may be in HTTP/2 (RFC 9113, 8.2). */
final class FieldRules {
    static final int PLAIN = 0;
    /** nginx calls it invalid: neither letters, digits nor '-'; left out unless {@code ignore_invalid_headers} is off. */
    static final int ODD = 1;
    /** Upper case, blanks, control bytes or a colon: the request is malformed. */
    static final int MALFORMED = 2;

    private FieldRules() {}

    /** What the name in {@code b[start, end)} is. */
    static int name(byte[] b, int start, int end, boolean underscores) {
        int kind = PLAIN;
        for (int p = start; p < end; p++) {
            byte c = b[p];
            if (c >= 'a' && c <= 'z' || c == '-' || Ascii.isDigit(c) || c == '_' && underscores) {
                continue;
            }
            if (c >= 0 && c <= ' ' || c == 0x7f || c == ':' || c >= 'A' && c <= 'Z') {
                return MALFORMED;
            }
            kind = ODD;
        }
        return kind;
    }

    /** Whether a value is one: no NUL, CR or LF, no blank at its ends. */
    static boolean isValue(byte[] b, int start, int end) {
        if (start == end) {
            return true;
        }
        if (Ascii.isBlank(b[start]) || Ascii.isBlank(b[end - 1])) {
            return false;
        }
        for (int p = Ascii.endOfText(b, start, end); p < end; p = Ascii.endOfText(b, p + 1, end)) {
            if (b[p] == 0 || b[p] == '\r' || b[p] == '\n') {
                return false;
            }
        }
        return true;
    }

    /** What is wrong with fields that are about a connection (RFC 9113, 8.2.2), for the error log; null if nothing is. */
    static @Nullable String forbidden(Headers fields, RequestFields seen) {
        for (int id : CONNECTION_FIELDS) {
            if (seen.saw(id)) {
                return "client sent \"" + FieldName.nameOf(id) + "\" header";
            }
        }
        if (seen.saw(FieldName.TE)) {
            int te = fields.find(FieldName.TE);
            boolean trailers =
                    Ascii.equalsIgnoreCase(fields.bytes(), fields.valueStart(te), fields.valueEnd(te), "trailers");
            if (!trailers || fields.find(FieldName.TE, te + 1) >= 0) {
                return "client sent invalid \"TE\" header";
            }
        }
        return null;
    }

    private static final int[] CONNECTION_FIELDS = {
        FieldName.CONNECTION,
        FieldName.KEEP_ALIVE,
        FieldName.TRANSFER_ENCODING,
        FieldName.UPGRADE,
        FieldName.PROXY_CONNECTION,
    };

    /** Whether a field of an answer is about a connection and has no place in HTTP/2. */
    static boolean isAboutConnection(int id) {
        return switch (id) {
            case FieldName.CONNECTION,
                    FieldName.KEEP_ALIVE,
                    FieldName.TRANSFER_ENCODING,
                    FieldName.UPGRADE,
                    FieldName.PROXY_CONNECTION -> true;
            default -> false;
        };
    }

    /** Whether a field may stand behind a body (RFC 9110, 6.5.1): it says nothing of framing, routing or the connection. */
    static boolean isTrailer(int id) {
        return switch (id) {
            case FieldName.CONTENT_LENGTH,
                    FieldName.HOST,
                    FieldName.TE,
                    FieldName.TRAILER,
                    FieldName.EXPECT,
                    FieldName.COOKIE,
                    FieldName.AUTHORIZATION -> false;
            default -> !isAboutConnection(id);
        };
    }
}
