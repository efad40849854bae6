package io.gatehouse.protocol.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What reading the head of an application's answer costs. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class UpstreamHeadBench {
    private static final byte[] EXPRESS = """
        HTTP/1.1 200 OK\r
        X-Powered-By: Express\r
        Vary: Accept-Encoding\r
        Content-Type: application/json; charset=utf-8\r
        Content-Length: 1024\r
        ETag: W/"400-hDpmzFh1Tx3kd5nmv0oZ2Wf0n5E"\r
        Date: Mon, 20 Jul 2026 10:00:00 GMT\r
        Connection: keep-alive\r
        Keep-Alive: timeout=185\r
        \r
        """.getBytes(ISO_8859_1);

    private final UpstreamHead head = new UpstreamHead();

    @Benchmark
    public int whole() {
        head.reset();
        if (head.read(EXPRESS, EXPRESS.length) != UpstreamHead.State.DONE) {
            throw new IllegalStateException(head.offence());
        }
        return head.fields().size();
    }

    /** As it comes over a slow network: read again and again until it is complete. */
    @Benchmark
    public int inPieces() {
        head.reset();
        for (int limit = 50; limit < EXPRESS.length; limit += 50) {
            head.read(EXPRESS, limit);
        }
        head.read(EXPRESS, EXPRESS.length);
        return head.end();
    }
}
