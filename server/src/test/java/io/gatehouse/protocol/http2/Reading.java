package io.gatehouse.protocol.http2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.gatehouse.conformance.Place;
import io.gatehouse.exchange.ClientConnection;
import io.gatehouse.exchange.CoreSettings;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Handler;
import io.gatehouse.exchange.Headers;
import io.gatehouse.exchange.Location;
import io.gatehouse.exchange.Outcome;
import io.gatehouse.exchange.RequestBody;
import io.gatehouse.exchange.VirtualServer;
import io.gatehouse.listen.ListenSpec;
import io.gatehouse.observe.log.Clock;
import io.gatehouse.observe.log.ErrorLog;
import io.gatehouse.observe.log.Level;
import io.gatehouse.observe.log.LogTime;
import io.gatehouse.phase.Pipeline;
import io.gatehouse.protocol.ServedConnections;
import io.gatehouse.protocol.http1.MemoryLoop;
import io.gatehouse.protocol.http1.MemoryWire;
import io.gatehouse.route.ListenPoint;
import io.gatehouse.route.ServerNames;
import io.gatehouse.wire.ListenOptions;
import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/** Puts bytes through a whole connection in memory and tells what every request was and how the connection ended. */
final class Reading {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1);

    private final MemoryLoop loop = new MemoryLoop();
    private final StringBuilder requests = new StringBuilder();
    private final ListenPoint point;

    Reading() {
        Clock clock = new Clock() {
            @Override
            public long wallMillis() {
                return 0;
            }

            @Override
            public long nanos() {
                return 0;
            }
        };
        ErrorLog log = new ErrorLog(
                List.of(new ErrorLog.Entry((level, line, length) -> {}, Level.INFO)),
                clock,
                new LogTime(ZoneOffset.UTC),
                1);
        Place place = new Place();
        place.largeClientHeaderBuffers = 2;
        place.largeClientHeaderBufferSize = 512;
        place.maxHeaders = 8;
        place.clientMaxBodySize = 1000;
        place.keepaliveRequests = 1 << 20;
        CoreSettings core = place.core(log);
        Http2Settings settings = new Http2Settings(true, 1 << 20, 65536, 8192);
        Location level = Place.location(core, settings, "", x -> Outcome.NEXT, x -> Outcome.NEXT);
        Location root = Place.location(core, settings, "/", this::handle, x -> Outcome.NEXT);
        Handler[] none = {};
        VirtualServer server = new VirtualServer(
                "localhost",
                place.server(),
                level,
                none,
                none,
                x -> {
                    x.location = root;
                    return null;
                },
                Map.of());
        point = new ListenPoint(
                spec(), new ServerNames(server, Map.of(), Map.of(), Map.of(), List.of()), List.of(server));
    }

    @SuppressWarnings("NullAway") // nothing here was said in a file
    private static ListenSpec spec() {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 2);
        return new ListenSpec(
                address, "127.0.0.1:2", ListenOptions.DEFAULT, ListenSpec.Protocols.HTTP1, false, true, null);
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
        requests.setLength(0);
        ServedConnections connections = new ServedConnections(loop, new Pipeline(), () -> {});
        MemoryWire wire = new MemoryWire(loop);
        ClientConnection client =
                new ClientConnection(1, loop, wire, "http", point.spec().address());
        wire.sink(new Http2Connections(connections).open(client, point));
        wire.give(PREFACE, 0, PREFACE.length);
        for (int from = 0; from < bytes.length; ) {
            int to = (int) Math.min((long) from + step, bytes.length);
            wire.give(bytes, from, to);
            from = to;
        }
        loop.runTasks();
        String all = requests + goAway(wire.sent()) + (wire.isShut() ? "[closed]" : "");
        connections.closeAll();
        wire.close();
        loop.runTasks();
        return all;
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

    private Outcome handle(Exchange x) {
        x.body.read(new Receiver());
        return Outcome.WAITING;
    }

    private final class Receiver implements RequestBody.Receiver {
        private final StringBuilder body = new StringBuilder();

        @Override
        public void onBody(Exchange x, ByteBuf borrowed) {
            body.append(borrowed.toString(ISO_8859_1));
        }

        @Override
        public void onBodyEnd(Exchange x) {
            requests.append('{')
                    .append(x.requestLine)
                    .append(' ')
                    .append(x.host)
                    .append(' ')
                    .append(x.uri);
            fields(x.request);
            requests.append(" body ").append(body);
            if (x.requestTrailers != null) {
                fields(x.requestTrailers);
            }
            requests.append('}');
            x.response.status = 200;
            x.response.contentLength = 2;
            x.sendHead();
            x.send(x.loop.buffer(2).writeShort(0x6f6b));
            x.end();
        }

        @Override
        public void onBodyFailed(Exchange x, int status) {
            x.resume(Outcome.status(status));
        }
    }

    private void fields(Headers fields) {
        for (int i = 0; i < fields.size(); i++) {
            boolean random = fields.name(i).equals("sec-websocket-key");
            requests.append('(').append(fields.name(i)).append(": ");
            requests.append(random ? "" : fields.value(i)).append(')');
        }
    }
}
