package io.gatehouse.protocol;

import io.gatehouse.exchange.ClientConnection;
import io.gatehouse.exchange.CoreSettings;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.Headers;
import io.gatehouse.exchange.Response;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** What the head of an answer says, whatever the version it is written in. What goes into the logs with it is set in the answer. */
public final class AnswerFields {
    private AnswerFields() {}

    /** Takes out what does not fit the status. */
    public static void normalise(Response response) {
        int status = response.status;
        if (response.lastModified != -1 && status != 200 && status != 206 && status != 304 || status == 204) {
            response.lastModified = -1;
            response.lastModifiedText = null;
        }
        if (status == 204) {
            response.contentType = null;
            response.contentLength = -1;
        }
    }

    /** The value of Content-Type with its charset; empty for none. */
    public static String contentType(Response response) {
        String type = response.contentType;
        if (type == null || type.isEmpty()) {
            return "";
        }
        String charset = response.charset;
        if (charset != null && !charset.isEmpty() && type.indexOf(';') < 0) {
            type = type + "; charset=" + charset;
        }
        response.contentType = type;
        response.charset = null;
        return type;
    }

    /** Makes a Location that is a path an absolute URL; the index of the field, or -1 if it stays as it is. */
    public static int location(Exchange x) {
        CoreSettings core = x.location.core;
        Headers headers = x.response.headers;
        int index = core.absoluteRedirect() && !x.response.relativeLocation ? headers.find(FieldName.LOCATION) : -1;
        if (index < 0) {
            return -1;
        }
        int start = headers.valueStart(index);
        if (start == headers.valueEnd(index) || headers.bytes()[start] != '/') {
            return -1;
        }
        String host = core.serverNameInRedirect() ? x.server.name() : x.host;
        SocketAddress local = host.isEmpty() || core.portInRedirect() ? x.client.wire.local() : x.client.listen;
        if (host.isEmpty()) {
            host = ClientConnection.addressText(local);
            if (host.indexOf(':') >= 0 && local instanceof InetSocketAddress) {
                host = "[" + host + "]";
            }
        }
        int usual = x.client.scheme.equals("https") ? 443 : 80;
        String port = "";
        if (core.portInRedirect() && local instanceof InetSocketAddress inet && inet.getPort() != usual) {
            port = ":" + inet.getPort();
        }
        headers.setValue(index, x.client.scheme + "://" + host + port + headers.value(index));
        return index;
    }

    /** Carriage returns, line feeds and NUL, which a configuration can bring in by decoded variables, become spaces. */
    public static void keepInLine(byte[] array, int from, int end) {
        for (int p = Ascii.endOfText(array, from, end); p < end; p = Ascii.endOfText(array, p + 1, end)) {
            byte b = array[p];
            if (b == '\r' || b == '\n' || b == 0) {
                array[p] = ' ';
            }
        }
    }
}
