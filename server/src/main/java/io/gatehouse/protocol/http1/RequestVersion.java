package io.gatehouse.protocol.http1;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.protocol.Ascii;

/**
 * Reads what follows the target of a request line, byte by byte: the version, and the end of the line (RFC 9112, 2.3; the forms that
 * nginx takes). A line without a version is one of HTTP/0.9.
 */
final class RequestVersion {
    private static final int BEFORE = 0;
    private static final int PROTOCOL = 1;
    private static final int MAJOR_FIRST = 2;
    private static final int MAJOR = 3;
    private static final int MINOR_FIRST = 4;
    private static final int MINOR = 5;
    private static final int BEHIND = 6;
    private static final int LINE_FEED = 7;

    private static final String HTTP_SLASH = "HTTP/";

    private int state;
    private int protocolStart;
    private int minor;
    private boolean simple09;

    /** Where the line ends, without its end. */
    int end;

    void begin() {
        state = BEFORE;
        simple09 = false;
    }

    /** As in {@link Exchange#version}; once all is read. */
    int number() {
        return simple09 ? Exchange.HTTP_09 : minor == 0 ? Exchange.HTTP_10 : Exchange.HTTP_11;
    }

    /** Where the slash of {@code HTTP/} stands, once it was read. */
    int slash() {
        return protocolStart + HTTP_SLASH.length() - 1;
    }

    /** Takes the byte at {@code p}; a result as of {@link RequestLine#parse}. */
    int read(byte c, int p) {
        switch (state) {
            case BEFORE -> {
                if (c == 'H') {
                    protocolStart = p;
                    state = PROTOCOL;
                } else if (c == '\r' || c == '\n') {
                    return end09(c, p);
                } else if (c != ' ') {
                    return RequestLine.INVALID_REQUEST;
                }
            }
            case PROTOCOL -> {
                if (c != HTTP_SLASH.charAt(p - protocolStart)) {
                    return RequestLine.INVALID_REQUEST;
                }
                if (c == '/') {
                    state = MAJOR_FIRST;
                }
            }
            case MAJOR_FIRST -> {
                if (c < '1' || c > '9') {
                    return RequestLine.INVALID_REQUEST;
                }
                state = MAJOR;
                return c > '1' ? RequestLine.INVALID_VERSION : RequestLine.MORE;
            }
            case MAJOR -> {
                if (c != '.') {
                    return Ascii.isDigit(c) ? RequestLine.INVALID_VERSION : RequestLine.INVALID_REQUEST;
                }
                state = MINOR_FIRST;
            }
            case MINOR_FIRST -> {
                if (!Ascii.isDigit(c)) {
                    return RequestLine.INVALID_REQUEST;
                }
                minor = c - '0';
                state = MINOR;
            }
            default -> {
                return lineEnd(c, p);
            }
        }
        return RequestLine.MORE;
    }

    /** The line ends behind its target. */
    int end09(byte c, int p) {
        simple09 = true;
        end = p;
        state = LINE_FEED;
        return c == '\n' ? RequestLine.DONE : RequestLine.MORE;
    }

    private int lineEnd(byte c, int p) {
        if (state == MINOR && Ascii.isDigit(c)) {
            if (minor > 99) {
                return RequestLine.INVALID_REQUEST;
            }
            minor = minor * 10 + c - '0';
            return RequestLine.MORE;
        }
        if (c == '\n') {
            if (state != LINE_FEED) {
                end = p;
            }
            return RequestLine.DONE;
        }
        if (c == '\r' && state != LINE_FEED) {
            end = p;
            state = LINE_FEED;
            return RequestLine.MORE;
        }
        if (c == ' ' && state != LINE_FEED) {
            state = BEHIND;
            return RequestLine.MORE;
        }
        return RequestLine.INVALID_REQUEST;
    }
}
