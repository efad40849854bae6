package io.gatehouse.protocol.http2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.gatehouse.conformance.Place;
import io.gatehouse.exchange.ClientConnection;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Headers;
import io.gatehouse.protocol.ServedConnections;
import io.gatehouse.protocol.http1.WholeConnection;
import io.gatehouse.route.ListenPoint;
import io.gatehouse.wire.Sink;

/** Puts bytes through a whole connection in memory and tells what every request was and how the connection ended. */
final class Http2Reading extends WholeConnection {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1);

    Http2Reading() {
        super(place(), false, new Http2Settings(true, 1 << 20, 65536, 8192));
    }

    private static Place place() {
        Place place = new Place();
        place.largeClientHeaderBuffers = 2;
        place.largeClientHeaderBufferSize = 512;
        place.maxHeaders = 8;
        place.clientMaxBodySize = 1000;
        place.keepaliveRequests = 1 << 20;
        return place;
    }

    @Override
    protected Sink open(ServedConnections connections, ClientConnection client, ListenPoint at) {
        return new Http2Connections(connections).open(client, at);
    }

    /** A block as a request without a body. */
    static byte[] headers(byte[] block) {
        byte[] frame = new byte[9 + block.length];
        frame[0] = (byte) (block.length >> 16);
        frame[1] = (byte) (block.length >> 8);
        frame[2] = (byte) block.length;
        frame[3] = Frame.HEADERS;
        frame[4] = Frame.END_HEADERS | Frame.END_STREAM;
        frame[8] = 1;
        System.arraycopy(block, 0, frame, 9, block.length);
        return frame;
    }

    /** How the bytes are read in pieces of that size. */
    String of(byte[] bytes, int step) {
        return of(
                wire -> {
                    wire.give(PREFACE, 0, PREFACE.length);
                    for (int from = 0; from < bytes.length; ) {
                        int to = (int) Math.min((long) from + step, bytes.length);
                        wire.give(bytes, from, to);
                        from = to;
                    }
                    loop.runTasks();
                },
                wire -> goAway(wire.sent()));
    }

    /** The code of the GOAWAY among the frames that were sent. */
    private static String goAway(String sent) {
        for (int at = 0; at + 9 <= sent.length(); ) {
            int length = sent.charAt(at) << 16 | sent.charAt(at + 1) << 8 | sent.charAt(at + 2);
            if (sent.charAt(at + 3) == Frame.GOAWAY) {
                return "goaway " + (int) sent.charAt(at + 9 + 7);
            }
            at += 9 + length;
        }
        return "";
    }

    @Override
    protected void tell(Exchange x, CharSequence body) {
        requests.append(x.requestLine).append(' ').append(x.host).append(' ').append(x.uri);
        fields(x.request);
        requests.append(" body ").append(body);
    }

    @Override
    protected CharSequence value(Headers fields, int index) {
        boolean random = fields.name(index).equals("sec-websocket-key");
        return random ? "" : fields.value(index);
    }
}
