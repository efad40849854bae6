package io.gatehouse.protocol.http1;

import io.gatehouse.exchange.CoreSettings;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Headers;
import io.gatehouse.exchange.HttpDates;
import io.gatehouse.exchange.Response;
import io.gatehouse.exchange.ServerVersion;
import io.gatehouse.exchange.Statuses;
import io.gatehouse.protocol.AnswerFields;
import io.gatehouse.text.Octets;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Writes the heads of answers, in nginx's order: Server, Date, Content-Type, Content-Length, Last-Modified, Location where
 * it was made absolute, Transfer-Encoding, Connection, Keep-Alive, then the other fields as they stand. One for each loop.
 *
 * <p>No value can end its line: carriage returns, line feeds and NUL, which a configuration can bring in by decoded
 * variables, go out as spaces.
 */
final class HeadWriter {
    private static final byte[] SERVER_ON = bytes("Server: " + ServerVersion.SERVER + "\r\n");
    private static final byte[] SERVER_OFF = bytes("Server: nginx\r\n");
    private static final byte[] CONTENT_TYPE = bytes("Content-Type: ");
    private static final byte[] CONTENT_LENGTH = bytes("Content-Length: ");
    private static final byte[] LAST_MODIFIED = bytes("Last-Modified: ");
    private static final byte[] LOCATION = bytes("Location: ");
    private static final byte[] CHUNKED = bytes("Transfer-Encoding: chunked\r\n");
    private static final byte[] UPGRADE = bytes("Connection: upgrade\r\n");
    private static final byte[] KEEP_ALIVE = bytes("Connection: keep-alive\r\n");
    private static final byte[] TIMEOUT = bytes("Keep-Alive: timeout=");
    private static final byte[] CLOSE = bytes("Connection: close\r\n");
    private static final byte[][] STATUS_LINES = new byte[1000][];

    static {
        for (int status = 0; status < STATUS_LINES.length; status++) {
            String reason = Statuses.reason(status);
            String number = String.format(Locale.ROOT, "%03d", status);
            STATUS_LINES[status] = bytes("HTTP/1.1 " + number + " " + (reason == null ? "" : reason) + "\r\n");
        }
    }

    private final Octets out = new Octets(1024);
    private long dateSecond = -1;
    private byte[] date = {};

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The bytes of the last head, of which {@link #length} count; valid until the next. */
    byte[] array() {
        return out.array();
    }

    int length() {
        return out.length();
    }

    /** An interim answer. */
    void interim(int status, Headers fields) {
        out.clear().put(statusLine(status));
        if (status == 103) {
            // nginx has this reason for early hints only
            out.truncate(out.length() - 2).put("Early Hints").putCrLf();
        }
        fields(fields, -1);
        out.putCrLf();
    }

    /** The head of the exchange's answer. What goes into the logs with it (an absolute Location) is set in the answer. */
    void head(Exchange x) {
        Response response = x.response;
        CoreSettings core = x.location.core;
        AnswerFields.normalise(response);
        out.clear();
        if (response.reason != null) {
            out.put("HTTP/1.1 ").putDecimal(response.status).put((byte) ' ');
            value(response.reason);
        } else {
            out.put(statusLine(response.status));
        }
        if (!response.passServer) {
            out.put(core.serverTokens() == CoreSettings.ServerTokens.OFF ? SERVER_OFF : SERVER_ON);
        }
        if (!response.passDate) {
            out.put(date(x.loop.wallMillis() / 1000));
        }
        String type = AnswerFields.contentType(response);
        if (!type.isEmpty()) {
            out.put(CONTENT_TYPE);
            value(type);
        }
        if (response.contentLength >= 0) {
            out.put(CONTENT_LENGTH).putDecimal(response.contentLength).putCrLf();
        }
        lastModified(response);
        int absolute = location(x);
        if (response.isChunked) {
            out.put(CHUNKED);
        }
        connection(x, core);
        fields(response.headers, absolute);
        out.putCrLf();
    }

    private static byte[] statusLine(int status) {
        return STATUS_LINES[Math.clamp(status, 0, STATUS_LINES.length - 1)];
    }

    private void lastModified(Response response) {
        if (response.lastModifiedText != null) {
            out.put(LAST_MODIFIED);
            value(response.lastModifiedText);
        } else if (response.lastModified != -1) {
            out.put(LAST_MODIFIED).put(HttpDates.format(response.lastModified)).putCrLf();
        }
    }

    private void connection(Exchange x, CoreSettings core) {
        if (x.response.status == 101) {
            out.put(UPGRADE);
        } else if (x.keepAlive) {
            out.put(KEEP_ALIVE);
            if (core.keepaliveHeaderSeconds() > 0) {
                out.put(TIMEOUT).putDecimal(core.keepaliveHeaderSeconds()).putCrLf();
            }
        } else {
            out.put(CLOSE);
        }
    }

    /** Writes a Location that was made absolute before the other fields; its index, or -1. */
    private int location(Exchange x) {
        int index = AnswerFields.location(x);
        if (index >= 0) {
            out.put(LOCATION);
            value(x.response.headers.value(index));
        }
        return index;
    }

    private void fields(Headers headers, int except) {
        byte[] bytes = headers.bytes();
        int count = headers.size();
        for (int i = 0; i < count; i++) {
            if (i != except) {
                int name = headers.nameStart(i);
                out.put(bytes, name, headers.nameEnd(i) - name);
                out.put((byte) ':').put((byte) ' ');
                int value = headers.valueStart(i);
                int from = out.length();
                out.put(bytes, value, headers.valueEnd(i) - value);
                AnswerFields.keepInLine(out.array(), from, out.length());
                out.putCrLf();
            }
        }
    }

    private void value(String text) {
        int from = out.length();
        out.put(text);
        AnswerFields.keepInLine(out.array(), from, out.length());
        out.putCrLf();
    }

    private byte[] date(long second) {
        if (second != dateSecond) {
            dateSecond = second;
            date = bytes("Date: " + HttpDates.format(second) + "\r\n");
        }
        return date;
    }
}
