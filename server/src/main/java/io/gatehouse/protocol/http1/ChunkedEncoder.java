package io.gatehouse.protocol.http1;

import io.gatehouse.exchange.Headers;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes the framing of a chunked body (RFC 9112, 7.1). */
public final class ChunkedEncoder {
    /** Room that {@link #putSize} needs at most: CR LF, 16 digits, CR LF. */
    public static final int SIZE_ROOM = 20;

    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private ChunkedEncoder() {}

    /**
     * The line that begins a chunk of {@code size} bytes, at least 1.
     *
     * @param behindChunk whether the chunk before it still lacks its CR LF
     */
    public static void putSize(ByteBuf out, long size, boolean behindChunk) {
        if (behindChunk) {
            out.writeShort(CR_LF);
        }
        int digits = Math.max(1, (67 - Long.numberOfLeadingZeros(size)) >> 2);
        for (int shift = (digits - 1) << 2; shift >= 0; shift -= 4) {
            out.writeByte(DIGITS[(int) (size >> shift) & 15]);
        }
        out.writeShort(CR_LF);
    }

    /** The CR LF behind a chunk's data. */
    public static void putChunkEnd(ByteBuf out) {
        out.writeShort(CR_LF);
    }

    /** The last chunk and the trailers. */
    public static void putEnd(ByteBuf out, @Nullable Headers trailers, boolean behindChunk) {
        if (behindChunk) {
            out.writeShort(CR_LF);
        }
        out.writeByte('0');
        out.writeShort(CR_LF);
        if (trailers != null) {
            byte[] bytes = trailers.bytes();
            for (int i = 0; i < trailers.size(); i++) {
                out.writeBytes(bytes, trailers.nameStart(i), trailers.nameEnd(i) - trailers.nameStart(i));
                out.writeShort(COLON_SPACE);
                out.writeBytes(bytes, trailers.valueStart(i), trailers.valueEnd(i) - trailers.valueStart(i));
                out.writeShort(CR_LF);
            }
        }
        out.writeShort(CR_LF);
    }

    /** Bytes that {@link #putEnd} writes at most. */
    public static int endLength(@Nullable Headers trailers) {
        int length = 7;
        if (trailers != null) {
            for (int i = 0; i < trailers.size(); i++) {
                length +=
                        trailers.nameEnd(i) - trailers.nameStart(i) + trailers.valueEnd(i) - trailers.valueStart(i) + 4;
            }
        }
        return length;
    }

    private static final int CR_LF = 0x0d0a;
    private static final int COLON_SPACE = 0x3a20;
}
