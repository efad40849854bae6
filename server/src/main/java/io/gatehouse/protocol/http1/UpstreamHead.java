package io.gatehouse.protocol.http1;

import io.gatehouse.exchange.Headers;
import java.nio.charset.StandardCharsets;

/**
 * The head of an application's answer, read in place from the bytes as they arrive: a status line and fields (RFC 9112, 4
 * and 5). One reading only: a line ends with LF or CR LF, a bare CR, a NUL, a folded line and white space in or around a name
 * are refused. Belongs to one loop; can be used for one answer after another.
 */
public final class UpstreamHead {
    /** What {@link #read} found. */
    public enum State {
        /** The head is not complete. */
        MORE,
        /** It is complete and ends before {@link UpstreamHead#end()}. */
        DONE,
        /** It does not begin as an HTTP/1 answer does. */
        NOT_HTTP,
        /** A field is malformed, see {@link UpstreamHead#offence()}. */
        INVALID_FIELD,
    }

    private static final byte[] HTTP = {'H', 'T', 'T', 'P', '/'};

    private final Headers fields = new Headers();
    private byte[] bytes = {};
    private int limit;
    private final FieldLine line = new FieldLine();
    private boolean started;
    private int status;
    private int version;
    private int reasonStart;
    private int reasonEnd;

    /** Begins anew. */
    public void reset() {
        started = false;
        status = 0;
        fields.clear();
    }

    /**
     * Goes on reading {@code bytes[0, limit)}, which holds everything since {@link #reset}; the array may be another, larger
     * one than at the call before. Fields are slices of it: it must stay as it is while they are in use.
     */
    public State read(byte[] bytes, int limit) {
        if (!started) {
            started = true;
            fields.wrap(bytes, limit);
        } else {
            fields.rewrap(bytes, limit);
        }
        this.bytes = bytes;
        this.limit = limit;
        if (status == 0) {
            State state = statusLine();
            if (state != State.DONE) {
                return state;
            }
        }
        return readFields();
    }

    /** Copies what was read into an array that is just large enough, so that the one it was read from is free. */
    public void compact() {
        fields.rewrap(bytes, end());
        fields.compact();
        bytes = fields.bytes();
        limit = end();
    }

    private State statusLine() {
        byte[] b = bytes;
        int p = 0;
        for (; p < HTTP.length; p++) {
            if (p == limit) {
                return State.MORE;
            }
            if (b[p] != HTTP[p]) {
                return State.NOT_HTTP;
            }
        }
        int major = 0;
        int start = p;
        for (; p < limit && isDigit(b[p]); p++) {
            major = major * 10 + b[p] - '0';
            if (p - start > 2) {
                return State.NOT_HTTP;
            }
        }
        if (p == limit) {
            return State.MORE;
        }
        if (b[p] != '.' || p == start || b[start] == '0') {
            return State.NOT_HTTP;
        }
        int minor = 0;
        start = ++p;
        for (; p < limit && isDigit(b[p]); p++) {
            minor = minor * 10 + b[p] - '0';
            if (p - start > 2) {
                return State.NOT_HTTP;
            }
        }
        if (p == limit) {
            return State.MORE;
        }
        if (b[p] != ' ' || p == start) {
            return State.NOT_HTTP;
        }
        while (p < limit && b[p] == ' ') {
            p++;
        }
        int code = 0;
        for (int digits = 0; digits < 3; digits++, p++) {
            if (p == limit) {
                return State.MORE;
            }
            if (!isDigit(b[p])) {
                return State.NOT_HTTP;
            }
            code = code * 10 + b[p] - '0';
        }
        if (code < 100) {
            return State.NOT_HTTP;
        }
        return reason(p, code, major * 1000 + minor);
    }

    private State reason(int from, int code, int httpVersion) {
        byte[] b = bytes;
        if (from == limit) {
            return State.MORE;
        }
        byte next = b[from];
        if (next != ' ' && next != '.' && next != '\r' && next != '\n') {
            return State.NOT_HTTP;
        }
        int p = from;
        while (p < limit && b[p] != '\r' && b[p] != '\n') {
            p++;
        }
        if (p == limit) {
            return State.MORE;
        }
        int textEnd = p;
        if (b[p] == '\r') {
            if (++p == limit) {
                return State.MORE;
            }
            if (b[p] != '\n') {
                return State.NOT_HTTP;
            }
        }
        reasonStart = Math.min(from + 1, textEnd);
        reasonEnd = textEnd;
        status = Math.max(code, 1);
        version = httpVersion;
        line.begin(p + 1);
        return State.DONE;
    }

    private State readFields() {
        while (true) {
            switch (line.parse(bytes, limit)) {
                case FieldLine.FIELD -> fields.addSlice(line.start, line.nameEnd, line.valueStart, line.valueEnd);
                case FieldLine.END -> {
                    return State.DONE;
                }
                case FieldLine.MALFORMED -> {
                    if (!isStatusLine(line.start)) {
                        return State.INVALID_FIELD;
                    }
                    // a second status line, as IIS may send it, is skipped
                    int end = lineFeed(line.start);
                    if (end < 0) {
                        line.begin(line.start);
                        return State.MORE;
                    }
                    line.begin(end + 1);
                }
                default -> {
                    return State.MORE;
                }
            }
        }
    }

    private boolean isStatusLine(int start) {
        if (limit - start < HTTP.length) {
            return false;
        }
        for (int i = 0; i < HTTP.length; i++) {
            if (bytes[start + i] != HTTP[i]) {
                return false;
            }
        }
        return true;
    }

    private int lineFeed(int from) {
        for (int p = from; p < limit; p++) {
            if (bytes[p] == '\n') {
                return p;
            }
        }
        return -1;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** Three digits as sent; 1 for "000". */
    public int status() {
        return status;
    }

    /** Whether the application speaks HTTP/1.1 or a later HTTP/1. */
    public boolean isHttp11() {
        return version >= 1001;
    }

    /** What stands behind the status, octet string. */
    public String reason() {
        return new String(bytes, reasonStart, reasonEnd - reasonStart, StandardCharsets.ISO_8859_1);
    }

    /** Whether the reason phrase is this text; saves making a string of it. */
    public boolean reasonEquals(String text) {
        if (text.length() != reasonEnd - reasonStart) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (bytes[reasonStart + i] != (byte) text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The fields so far, slices of the array that was read. */
    public Headers fields() {
        return fields;
    }

    /** Where the head ends and what follows begins, once it is {@link State#DONE}. */
    public int end() {
        return line.position;
    }

    /** The malformed line up to and with the octet that makes it so, as nginx logs it: {@code name\x20...}. */
    public String offence() {
        String text = new String(bytes, line.start, line.valueEnd - line.start, StandardCharsets.ISO_8859_1);
        return text + String.format("\\x%02x...", bytes[line.valueEnd] & 255);
    }
}
