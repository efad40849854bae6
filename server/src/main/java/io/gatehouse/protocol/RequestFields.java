package io.gatehouse.protocol;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.Headers;
import io.gatehouse.observe.log.Level;
import org.jspecify.annotations.Nullable;

/**
 * What the fields of one request head mean for the reading of the message, whatever the version: where its body ends,
 * whether the connection stays, which fields may come once only. Two readings are never possible (RFC 9112, 6.3).
 */
public final class RequestFields {
    /** No Content-Length. */
    public static final long NONE = -1;

    private static final long UNIQUE = bits(
            FieldName.IF_MODIFIED_SINCE,
            FieldName.IF_UNMODIFIED_SINCE,
            FieldName.IF_MATCH,
            FieldName.IF_NONE_MATCH,
            FieldName.IF_RANGE,
            FieldName.CONTENT_LENGTH,
            FieldName.TRANSFER_ENCODING,
            FieldName.EXPECT,
            FieldName.CONTENT_RANGE,
            FieldName.AUTHORIZATION,
            FieldName.PROXY_AUTHORIZATION);

    /** Bytes of the body by Content-Length, or {@link #NONE}. */
    public long contentLength;

    public boolean chunked;
    /** {@code Expect: 100-continue}, of a client that knows what that is. */
    public boolean expectsContinue;

    public boolean close;
    public boolean keepAlive;
    public boolean upgrade;
    private long seen;
    private int lengthIndex;

    private static long bits(int... ids) {
        long all = 0;
        for (int id : ids) {
            all |= 1L << id;
        }
        return all;
    }

    public void begin() {
        contentLength = NONE;
        chunked = false;
        expectsContinue = false;
        close = false;
        keepAlive = false;
        upgrade = false;
        seen = 0;
        lengthIndex = -1;
    }

    /** Takes note of a field. Returns what is wrong, for the error log; null if nothing is. */
    public @Nullable String see(Exchange x, int id, int index, HostName host) {
        Headers fields = x.request;
        if (id >= Long.SIZE) {
            return null;
        }
        long bit = 1L << id;
        if ((seen & bit & UNIQUE) != 0) {
            return duplicate("header line", fields, id, index);
        }
        boolean first = (seen & bit) == 0;
        seen |= bit;
        byte[] b = fields.bytes();
        int start = fields.valueStart(index);
        int end = fields.valueEnd(index);
        switch (id) {
            case FieldName.HOST -> {
                if (!first) {
                    return duplicate("host header", fields, id, index);
                }
                if (!host.parse(b, start, end)) {
                    return "client sent invalid host header";
                }
            }
            case FieldName.CONNECTION -> connection(b, start, end);
            case FieldName.CONTENT_LENGTH -> lengthIndex = index;
            case FieldName.TRANSFER_ENCODING -> chunked = Ascii.equalsIgnoreCase(b, start, end, "chunked");
            case FieldName.EXPECT ->
                expectsContinue =
                        Ascii.equalsIgnoreCase(b, start, end, "100-continue") && x.version >= Exchange.HTTP_11;
            default -> {}
        }
        return null;
    }

    private static String duplicate(String what, Headers fields, int id, int index) {
        int before = fields.find(id);
        return "client sent duplicate " + what + ": \"" + fields.name(index) + ": " + fields.value(index)
                + "\", previous value: \"" + fields.name(before) + ": " + fields.value(before) + "\"";
    }

    /** Reads Content-Length. Returns the status to refuse the request with, told in the error log; 0 if all is well. */
    public int readLength(Exchange x) {
        if (lengthIndex >= 0) {
            contentLength = length(x.request, lengthIndex);
            if (contentLength < 0) {
                return info(x, "client sent invalid \"Content-Length\" header", 400);
            }
        }
        return 0;
    }

    /** As {@link #readLength}, for methods that are not for a server like this. */
    public static int checkMethod(Exchange x) {
        return switch (x.method) {
            case "CONNECT" -> info(x, "client sent CONNECT method", 405);
            case "TRACE" -> info(x, "client sent TRACE method", 405);
            default -> 0;
        };
    }

    /** Whether there was a Content-Length. */
    public boolean saysLength() {
        return lengthIndex >= 0;
    }

    /** Whether there was a field of that known name; only of the names with numbers below 64. */
    public boolean saw(int id) {
        return (seen & 1L << id) != 0;
    }

    /** Tells the error log why a request is refused; returns {@code status}. */
    public static int info(Exchange x, String message, int status) {
        x.log(Level.INFO, message);
        return status;
    }

    /** Digits and nothing else (RFC 9112, 6.3); -1 otherwise. */
    private static long length(Headers fields, int index) {
        byte[] b = fields.bytes();
        int start = fields.valueStart(index);
        int end = fields.valueEnd(index);
        long length = 0;
        for (int p = start; p < end; p++) {
            int digit = b[p] - '0';
            if (!Ascii.isDigit(b[p]) || length > (Long.MAX_VALUE - digit) / 10) {
                return -1;
            }
            length = length * 10 + digit;
        }
        return start == end ? -1 : length;
    }

    /** The options of a Connection field: a list of tokens (RFC 9110, 7.6.1). */
    private void connection(byte[] b, int start, int end) {
        int p = start;
        while (p < end) {
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
            close |= Ascii.equalsIgnoreCase(b, from, to, "close");
            keepAlive |= Ascii.equalsIgnoreCase(b, from, to, "keep-alive");
            upgrade |= Ascii.equalsIgnoreCase(b, from, to, "upgrade");
        }
    }
}
