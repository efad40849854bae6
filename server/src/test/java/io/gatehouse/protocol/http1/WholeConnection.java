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
import io.gatehouse.protocol.http2.Http2Settings;
import io.gatehouse.route.ListenPoint;
import io.gatehouse.route.ServerNames;
import io.gatehouse.wire.ListenOptions;
import io.gatehouse.wire.Sink;
import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;

/** A connection in memory to a server with one location, which answers "ok", and what every request was when it had arrived. */
public abstract class WholeConnection {
    protected final MemoryLoop loop = new MemoryLoop();
    protected final StringBuilder requests = new StringBuilder();
    private final ListenPoint point;
    private final boolean later;

    /**
     * @param later whether answers are given in a later turn of the loop, not at once
     * @param http2 of the location, or null
     */
    protected WholeConnection(Place place, boolean later, @Nullable Http2Settings http2) {
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
                new LogTime(TimeZone.getTimeZone("UTC")),
                1);
        CoreSettings core = place.core(log);
        Location level = Place.location(core, http2, "", x -> Outcome.NEXT, x -> Outcome.NEXT);
        Location root = Place.location(core, http2, "/", this::handle, x -> Outcome.NEXT);
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

    /** What reads the connection. */
    protected abstract Sink open(ServedConnections connections, ClientConnection client, ListenPoint at);

    /** Writes down what a request was. */
    protected abstract void tell(Exchange x, CharSequence body);

    /** What a client does to the connection. */
    @FunctionalInterface
    protected interface Client {
        void use(MemoryWire wire);
    }

    /** What was written down, and then whatever {@code answered} makes of what was sent. */
    protected final String of(Client sender, java.util.function.Function<MemoryWire, String> answered) {
        requests.setLength(0);
        ServedConnections connections = new ServedConnections(loop, new Pipeline(), () -> {});
        MemoryWire wire = new MemoryWire(loop);
        ClientConnection client =
                new ClientConnection(1, loop, wire, "http", point.spec().address());
        wire.sink(open(connections, client, point));
        sender.use(wire);
        String all = requests + answered.apply(wire) + (wire.isShut() ? "[closed]" : "");
        connections.closeAll();
        wire.close();
        loop.runTasks();
        return all;
    }

    private Outcome handle(Exchange x) {
        x.body.read(new Receiver());
        return Outcome.WAITING;
    }

    /** Writes down the fields, one behind the other. */
    protected void fields(Headers fields) {
        for (int i = 0; i < fields.size(); i++) {
            requests.append('(').append(fields.name(i)).append(": ");
            requests.append(value(fields, i)).append(')');
        }
    }

    protected CharSequence value(Headers fields, int index) {
        return fields.value(index);
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
            requests.append('{');
            tell(x, body);
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
}
