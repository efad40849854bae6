package io.gatehouse.module.brotli;

import com.aayushatharva.brotli4j.encoder.EncoderJNI;
import com.aayushatharva.brotli4j.encoder.EncoderJNI.Operation;
import io.gatehouse.coding.Coder;
import io.gatehouse.coding.CodingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Makes a brotli stream (RFC 7932) of a body. */
final class BrotliCoder implements Coder {
    /** The library copies the input in pieces of this size at most. */
    private static final int PIECE = 16 * 1024;

    private final EncoderJNI.Wrapper encoder;
    private Operation operation = Operation.PROCESS;
    /** Output that is there and found no room; it lies in the encoder. */
    private @Nullable ByteBuffer pulled;

    /** Whether the encoder has been told what is asked for. */
    private boolean asked;

    BrotliCoder(int quality, int windowBits, long length) {
        try {
            int piece = length > 0 ? (int) Math.min(length, PIECE) : PIECE;
            encoder = new EncoderJNI.Wrapper(piece, quality, windowBits, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean code(ByteBuffer in, ByteBuffer out, Ask ask) throws CodingException {
        while (true) {
            if (!give(out)) {
                return false;
            }
            if (encoder.hasRemainingInput()) {
                push(0);
            } else if (in.hasRemaining()) {
                take(in, ask);
            } else if (ask == Ask.NOTHING || asked) {
                asked = false;
                return true;
            } else {
                asked = true;
                operation = ask == Ask.END ? Operation.FINISH : Operation.FLUSH;
                push(0);
            }
        }
    }

    /** Copies what there is to {@code out}; false if it did not find room. */
    private boolean give(ByteBuffer out) {
        while (true) {
            ByteBuffer from = pulled;
            if (from == null) {
                if (!encoder.hasMoreOutput()) {
                    return true;
                }
                from = encoder.pull();
            }
            int count = Math.min(from.remaining(), out.remaining());
            out.put(from.slice(from.position(), count));
            from.position(from.position() + count);
            pulled = from.hasRemaining() ? from : null;
            if (pulled != null) {
                return false;
            }
        }
    }

    private void take(ByteBuffer in, Ask ask) throws CodingException {
        ByteBuffer to = encoder.getInputBuffer();
        to.clear();
        int count = Math.min(to.remaining(), in.remaining());
        to.put(in.slice(in.position(), count));
        in.position(in.position() + count);
        asked = !in.hasRemaining() && ask != Ask.NOTHING;
        operation = !asked ? Operation.PROCESS : ask == Ask.END ? Operation.FINISH : Operation.FLUSH;
        push(count);
    }

    private void push(int count) throws CodingException {
        encoder.push(operation, count);
        if (!encoder.isSuccess()) {
            throw new CodingException("brotli encoder failed");
        }
    }

    @Override
    public void close() {
        encoder.destroy();
    }
}
