package io.gatehouse.protocol.http1;

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
import io.gatehouse.route.ListenPoint;
import io.gatehouse.route.ServerNames;
import io.gatehouse.wire.ListenOptions;
import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/** Puts bytes through a whole connection in memory and tells how they were read: what every request was, what was answered. */
final class Reading {
    private final MemoryLoop loop = new MemoryLoop();
    private final StringBuilder requests = new StringBuilder();
    private final ListenPoint point;
    private final boolean later;

    /** @param later whether answers are given in a later turn of the loop, not at once */
    Reading(boolean later) {
        this.later = later;
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
        place.clientHeaderBufferSize = 64;
        place.largeClientHeaderBuffers = 2;
        place.largeClientHeaderBufferSize = 128;
        place.maxHeaders = 8;
        place.clientMaxBodySize = 1000;
        CoreSettings core = place.core(log);
        Location level = Place.location(core, "", x -> Outcome.NEXT, x -> Outcome.NEXT);
        Location root = Place.location(core, "/", this::handle, x -> Outcome.NEXT);
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
        ServerNames names = new ServerNames(server, Map.of(), Map.of(), Map.of(), List.of());
        point = new ListenPoint(spec(), names, List.of(server));
    }

    @SuppressWarnings("NullAway") // nothing here was said in a file
    private static ListenSpec spec() {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 2);
        return new ListenSpec(
                address, "127.0.0.1:2", ListenOptions.DEFAULT, ListenSpec.Protocols.HTTP1, false, true, null);
    }

    /** How the bytes are read in pieces that end at these places. */
    String of(byte[] bytes, int... ends) {
        requests.setLength(0);
        ServedConnections connections = new ServedConnections(loop, new Pipeline(), () -> {});
        MemoryWire wire = new MemoryWire(loop);
        ClientConnection client =
                new ClientConnection(1, loop, wire, "http", point.spec().address());
        wire.sink(new Http1Connections(connections).open(client, point));
        int from = 0;
        for (int end : ends) {
            wire.give(bytes, from, end);
            from = end;
        }
        wire.give(bytes, from, bytes.length);
        String all = requests + "\n" + wire.sent() + (wire.isShut() ? "[closed]" : "");
        connections.closeAll();
        wire.close();
        loop.runTasks();
        return all;
    }

    /** As {@link #of}, byte by byte. */
    String byteByByte(byte[] bytes) {
        int[] ends = new int[bytes.length];
        for (int i = 0; i < ends.length; i++) {
            ends[i] = i;
        }
        return of(bytes, ends);
    }

    private Outcome handle(Exchange x) {
        x.body.read(new Receiver());
        return Outcome.WAITING;
    }

    private void tell(Exchange x, CharSequence body) {
        requests.append('{')
                .append(x.method)
                .append(' ')
                .append(x.unparsedUri)
                .append(' ')
                .append(x.uri)
                .append('?');
        requests.append(x.args)
                .append(' ')
                .append(x.version)
                .append(' ')
                .append(x.host)
                .append(':')
                .append(x.hostPort);
        requests.append(' ').append(x.headLength).append(' ').append(x.requestLine);
        fields(x.request);
        requests.append(" body ").append(body);
        if (x.requestTrailers != null) {
            fields(x.requestTrailers);
        }
        requests.append('}');
    }

    private void fields(Headers fields) {
        for (int i = 0; i < fields.size(); i++) {
            requests.append('(')
                    .append(fields.name(i))
                    .append(": ")
                    .append(fields.value(i))
                    .append(')');
        }
    }

    private final class Receiver implements RequestBody.Receiver {
        private final StringBuilder body = new StringBuilder();

        @Override
        public void onBody(Exchange x, ByteBuf borrowed) {
            body.append(borrowed.toString(ISO_8859_1));
        }

        @Override
        public void onBodyEnd(Exchange x) {
            if (later) {
                x.loop.execute(() -> answer(x));
            } else {
                answer(x);
            }
        }

        private void answer(Exchange x) {
            tell(x, body);
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
}
