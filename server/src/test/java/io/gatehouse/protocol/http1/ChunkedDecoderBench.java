package io.gatehouse.protocol.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
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

/** What taking the framing off 64 KiB in chunks costs. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class ChunkedDecoderBench {
    private static final int BODY = 64 * 1024;

    /** Bytes of a chunk. */
    @Param({"16", "1024", "16384"})
    public int chunk = 1024;

    private ByteBuf bytes;

    @Setup
    public void prepare() {
        bytes = Unpooled.directBuffer();
        for (int sent = 0; sent < BODY; sent += chunk) {
            bytes.writeBytes((Integer.toHexString(chunk) + "\r\n").getBytes(ISO_8859_1))
                    .writeZero(chunk)
                    .writeBytes("\r\n".getBytes(ISO_8859_1));
        }
        bytes.writeBytes("0\r\n\r\n".getBytes(ISO_8859_1));
    }

    @Benchmark
    public long body() {
        ChunkedDecoder decoder = new ChunkedDecoder(4096, 0);
        bytes.readerIndex(0);
        long length = 0;
        while (true) {
            switch (decoder.next(bytes)) {
                case ChunkedDecoder.DATA -> {
                    int count = decoder.available(bytes);
                    bytes.skipBytes(count);
                    decoder.took(count);
                    length += count;
                }
                case ChunkedDecoder.END -> {
                    return length;
                }
                default -> throw new IllegalStateException("not chunked");
            }
        }
    }
}
