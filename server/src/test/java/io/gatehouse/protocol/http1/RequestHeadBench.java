package io.gatehouse.protocol.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.gatehouse.conformance.Place;
import io.gatehouse.exchange.ClientConnection;
import io.gatehouse.exchange.CoreSettings;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Handler;
import io.gatehouse.exchange.Location;
import io.gatehouse.exchange.Outcome;
import io.gatehouse.exchange.VirtualServer;
import io.gatehouse.observe.log.ErrorLog;
import io.gatehouse.observe.log.LogTime;
import io.gatehouse.route.ServerNames;
import io.gatehouse.wire.SystemClock;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What reading the head of a request costs, with the Exchange that it is read into. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class RequestHeadBench {
    /** A client with three fields, or a browser with its dozen. */
    @Param({"small", "browser"})
    public String request = "small";

    private final RequestHeadParser parser = new RequestHeadParser();
    private final MemoryLoop loop = new MemoryLoop();
    private ClientConnection client;
    private VirtualServer server;
    private ServerNames names;
    private ByteBuf bytes;

    @Setup
    public void prepare() {
        String fields = request.equals("small") ? "User-Agent: wrk/4.1\r\nAccept: */*\r\n" : """
            Connection: keep-alive\r
            sec-ch-ua: "Chromium";v="156", "Not A(Brand";v="24"\r
            sec-ch-ua-mobile: ?0\r
            User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36\r
            Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r
            Sec-Fetch-Site: same-origin\r
            Sec-Fetch-Mode: cors\r
            Sec-Fetch-Dest: empty\r
            Referer: http://paperclip.test:8080/companies/1/issues\r
            Accept-Encoding: gzip, deflate, br, zstd\r
            Accept-Language: en-GB,en;q=0.9\r
            Cookie: session_token=dGhpcyBpcyBub3QgYSBzZXNzaW9u.c2lnbmF0dXJlIGFzIGxvbmcgYXMgc3VjaCB0aGluZ3MgYXJl\r
            """;
        String head = "GET /api/companies/1/issues?limit=50&after=17 HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n";
        bytes = Unpooled.directBuffer().writeBytes(head.getBytes(ISO_8859_1));
        ErrorLog log = new ErrorLog(List.of(), new SystemClock(), new LogTime(TimeZone.getTimeZone("UTC")), 1);
        Place place = new Place();
        CoreSettings core = place.core(log);
        Location level = Place.location(core, "", x -> Outcome.NEXT, x -> Outcome.NEXT);
        Handler[] none = {};
        server = new VirtualServer("localhost", place.server(), level, none, none, x -> null, Map.of());
        names = new ServerNames(server, Map.of(), Map.of(), Map.of(), List.of());
        client = new ClientConnection(1, loop, new MemoryWire(loop), "http", new InetSocketAddress("127.0.0.1", 80));
    }

    @Benchmark
    public Exchange head() {
        Exchange x = new Exchange(client, server, null, null, null, null);
        parser.begin(x, names);
        bytes.readerIndex(0);
        if (parser.read(bytes) != RequestHeadParser.DONE) {
            throw new IllegalStateException("refused with " + parser.status());
        }
        parser.end();
        return x;
    }
}
