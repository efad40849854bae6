package io.gatehouse.protocol.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.exchange.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What the encoder writes the decoder reads, in whatever pieces it comes. */
class ChunkedTest {
    @Test
    void readsWhatWasWritten() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 300; i++) {
            StringBuilder body = new StringBuilder();
            ByteBuf encoded = Unpooled.buffer();
            boolean behind = false;
            for (int pieces = random.nextInt(5); pieces > 0; pieces--) {
                String piece = "b".repeat(1 << random.nextInt(12)) + pieces;
                body.append(piece);
                ChunkedEncoder.putSize(encoded, piece.length(), behind);
                encoded.writeCharSequence(piece, ISO_8859_1);
                behind = random.nextBoolean();
                if (!behind) {
                    ChunkedEncoder.putChunkEnd(encoded);
                }
            }
            Headers trailers = random.nextBoolean() ? null : new Headers();
            if (trailers != null) {
                trailers.add("X-Sum", "" + i);
            }
            int before = encoded.readableBytes();
            ChunkedEncoder.putEnd(encoded, trailers, behind);
            assertThat(encoded.readableBytes() - before).isLessThanOrEqualTo(ChunkedEncoder.endLength(trailers));
            encoded.writeCharSequence("next", ISO_8859_1);
            assertThat(decoded(encoded, random)).isEqualTo(body + (trailers == null ? "" : "|" + i) + "|next");
            encoded.release();
        }
    }

    private static String decoded(ByteBuf encoded, SplittableRandom random) {
        ChunkedDecoder decoder = new ChunkedDecoder(100, 2);
        StringBuilder body = new StringBuilder();
        ByteBuf rest = Unpooled.buffer();
        while (!decoder.isEnded()) {
            int count = Math.min(encoded.readableBytes(), random.nextInt(1, 40));
            rest.clear().writeBytes(encoded, count);
            int result;
            while ((result = decoder.next(rest)) == ChunkedDecoder.DATA) {
                int length = decoder.available(rest);
                body.append(rest.readCharSequence(length, ISO_8859_1));
                decoder.took(length);
            }
            assertThat(result).isIn(ChunkedDecoder.MORE, ChunkedDecoder.END);
        }
        Headers trailers = decoder.trailers();
        if (trailers != null) {
            body.append('|').append(trailers.get("X-Sum"));
        }
        return body.append('|')
                .append(rest.toString(ISO_8859_1))
                .append(encoded.toString(ISO_8859_1))
                .toString();
    }

    @Test
    void writesSizesAsHexadecimal() {
        for (long size : new long[] {1, 15, 16, 255, 256, 0x1234, 0xffffffffL, Long.MAX_VALUE}) {
            ByteBuf out = Unpooled.buffer();
            ChunkedEncoder.putSize(out, size, false);
            assertThat(out.toString(ISO_8859_1)).isEqualTo(Long.toHexString(size) + "\r\n");
        }
    }

    @Test
    void saysAgainThatABodyIsBroken() {
        ChunkedDecoder decoder = new ChunkedDecoder(100, 2);
        assertThat(decoder.next(Unpooled.copiedBuffer("x", ISO_8859_1))).isEqualTo(ChunkedDecoder.INVALID);
        assertThat(decoder.next(Unpooled.copiedBuffer("0\r\n\r\n", ISO_8859_1))).isEqualTo(ChunkedDecoder.INVALID);
    }
}
