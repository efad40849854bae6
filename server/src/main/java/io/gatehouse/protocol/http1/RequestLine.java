package io.gatehouse.protocol.http1;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.protocol.Ascii;
import io.gatehouse.protocol.Methods;

/**
 * Reads a request line in an array that more bytes may come into (RFC 9112, 3; the forms that nginx takes). Keeps where the
 * parts lie. A call goes on where the last one ended, so no byte is looked at twice.
 */
final class RequestLine {
    static final int MORE = 0;
    static final int DONE = 1;
    static final int INVALID_METHOD = 2;
    static final int INVALID_REQUEST = 3;
    static final int INVALID_VERSION = 4;
    static final int INVALID_09_METHOD = 5;

    private static final int START = 0;
    private static final int METHOD = 1;
    private static final int BEFORE_URI = 2;
    private static final int SCHEME = 3;
    private static final int SCHEME_SLASH = 4;
    private static final int SCHEME_SLASH_SLASH = 5;
    private static final int BEFORE_HOST = 6;
    private static final int HOST_START = 7;
    private static final int HOST = 8;
    private static final int HOST_END = 9;
    private static final int IP_LITERAL = 10;
    private static final int PORT_START = 11;
    private static final int PORT = 12;
    private static final int AFTER_SLASH = 13;
    private static final int PATH = 14;
    private static final int URI = 15;
    private static final int VERSION = 16;

    private final RequestVersion behind = new RequestVersion();
    private int state;
    private boolean connect;

    /** Where the next call goes on. */
    int position;

    int start;
    /** Empty before it was read. */
    String method = "";
    /** The target as received; with absolute form its path and query. */
    int uriStart;

    int uriEnd;
    /** Behind the question mark, or -1. */
    int argsStart;
    /** The host of the absolute form with its port, or -1. */
    int hostStart;

    int hostEnd;
    int schemeEnd;
    /** The path has dot segments, double slashes or a fragment. */
    boolean complex;
    /** The path has %XX. */
    boolean quoted;
    /** Absolute form whose path is empty and that has a query. */
    boolean emptyPath;
    /** As in {@link Exchange#version}. */
    int version;

    void begin(int at) {
        state = START;
        position = at;
        start = at;
        argsStart = -1;
        hostStart = -1;
        hostEnd = -1;
        complex = false;
        quoted = false;
        emptyPath = false;
        connect = false;
        method = "";
        behind.begin();
        version = Exchange.HTTP_10;
    }

    /** Whether no byte of the line was seen but empty lines before it. */
    boolean isAtStart() {
        return state == START;
    }

    int parse(byte[] b, int limit) {
        int p = position;
        int result = MORE;
        while (p < limit && result == MORE) {
            byte c = b[p];
            switch (state) {
                case START -> {
                    start = p;
                    if (Ascii.isMethod(c)) {
                        state = METHOD;
                    } else if (c != '\r' && c != '\n') {
                        result = INVALID_METHOD;
                    }
                }
                case METHOD -> {
                    while (Ascii.isMethod(c) && ++p < limit) {
                        c = b[p];
                    }
                    if (p == limit) {
                        position = p;
                        return MORE;
                    }
                    if (c != ' ') {
                        result = INVALID_METHOD;
                        break;
                    }
                    method = Methods.name(b, start, p);
                    connect = method.equals("CONNECT");
                    state = connect ? BEFORE_HOST : BEFORE_URI;
                }
                case BEFORE_URI -> {
                    if (c == '/') {
                        uriStart = p;
                        state = AFTER_SLASH;
                    } else if (Ascii.isLetter(c)) {
                        state = SCHEME;
                    } else if (c != ' ') {
                        result = INVALID_REQUEST;
                    }
                }
                case SCHEME, SCHEME_SLASH, SCHEME_SLASH_SLASH -> result = scheme(c, p);
                case BEFORE_HOST, HOST_START, HOST, HOST_END, IP_LITERAL, PORT_START, PORT -> result = host(c, p);
                case AFTER_SLASH, PATH, URI -> {
                    while (Ascii.isPlainUri(c)) {
                        if (state == AFTER_SLASH) {
                            state = PATH;
                        }
                        if (++p == limit) {
                            position = p;
                            return MORE;
                        }
                        c = b[p];
                    }
                    result = special(c, p);
                }
                default -> result = behind.read(c, p);
            }
            p++;
        }
        position = p;
        return result == DONE ? done() : result;
    }

    private int scheme(byte c, int p) {
        switch (state) {
            case SCHEME -> {
                if (c == ':') {
                    schemeEnd = p;
                    state = SCHEME_SLASH;
                } else if (!Ascii.isLetter(c) && !Ascii.isDigit(c) && c != '+' && c != '-' && c != '.') {
                    return INVALID_REQUEST;
                }
            }
            default -> {
                if (c != '/') {
                    return INVALID_REQUEST;
                }
                state = state == SCHEME_SLASH ? SCHEME_SLASH_SLASH : HOST_START;
            }
        }
        return MORE;
    }

    private int host(byte c, int p) {
        return switch (state) {
            case BEFORE_HOST, HOST_START -> hostStarts(c, p);
            case HOST -> Ascii.isLetter(c) || Ascii.isDigit(c) || c == '.' || c == '-' ? MORE : hostEnded(c, p);
            case HOST_END -> hostEnded(c, p);
            case IP_LITERAL -> literal(c);
            default -> port(c, p);
        };
    }

    private int hostStarts(byte c, int p) {
        if (c == ' ' && state == BEFORE_HOST) {
            return MORE;
        }
        hostStart = p;
        if (c == '[') {
            state = IP_LITERAL;
            return MORE;
        }
        state = HOST;
        return host(c, p);
    }

    private int literal(byte c) {
        if (c == ']') {
            state = HOST_END;
            return MORE;
        }
        return c != '%' && Ascii.isHost(c) || c == ':' || c == '.' ? MORE : INVALID_REQUEST;
    }

    private int port(byte c, int p) {
        boolean first = state == PORT_START;
        state = PORT;
        if (Ascii.isDigit(c)) {
            return MORE;
        }
        return connect && (first || c != ' ') ? INVALID_REQUEST : authorityEnded(c, p);
    }

    private int hostEnded(byte c, int p) {
        if (c == ':') {
            state = PORT_START;
            return MORE;
        }
        return connect ? INVALID_REQUEST : authorityEnded(c, p);
    }

    private int authorityEnded(byte c, int p) {
        hostEnd = p;
        switch (c) {
            case '/' -> {
                uriStart = p;
                state = AFTER_SLASH;
            }
            case '?' -> {
                uriStart = p;
                argsStart = p + 1;
                emptyPath = true;
                state = URI;
            }
            case ' ' -> {
                // a slash of the line itself stands for the missing path; for CONNECT that of HTTP/
                uriStart = schemeEnd + 1;
                uriEnd = schemeEnd + 2;
                state = VERSION;
            }
            default -> {
                return INVALID_REQUEST;
            }
        }
        return MORE;
    }

    /** A byte of the URI that is not plain. */
    private int special(byte c, int p) {
        switch (c) {
            case ' ' -> {
                uriEnd = p;
                state = VERSION;
            }
            case '\r', '\n' -> {
                uriEnd = p;
                state = VERSION;
                return behind.end09(c, p);
            }
            case '#' -> {
                complex = true;
                state = URI;
            }
            default -> {
                if (Ascii.isControl(c)) {
                    return INVALID_REQUEST;
                }
                if (state != URI) {
                    path(c, p);
                }
            }
        }
        return MORE;
    }

    private void path(byte c, int p) {
        switch (c) {
            case '/' -> {
                if (state == AFTER_SLASH) {
                    complex = true;
                    state = URI;
                } else {
                    state = AFTER_SLASH;
                }
            }
            case '.' -> {
                if (state == AFTER_SLASH) {
                    complex = true;
                    state = URI;
                }
            }
            case '%' -> {
                quoted = true;
                state = URI;
            }
            case '?' -> {
                argsStart = p + 1;
                state = URI;
            }
            default -> {} // '+'
        }
    }

    private int done() {
        version = behind.number();
        if (connect && version != Exchange.HTTP_09) {
            uriStart = behind.slash();
            uriEnd = uriStart + 1;
        }
        return version == Exchange.HTTP_09 && !method.equals("GET") ? INVALID_09_METHOD : DONE;
    }

    /** Where the line ends, without its end. */
    int end() {
        return behind.end;
    }
}
