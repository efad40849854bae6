package io.gatehouse.module.gzip;

import io.gatehouse.coding.Coder;
import io.gatehouse.coding.Kept;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/** Makes one gzip member (RFC 1952) of a body. */
final class GzipCoder implements Coder {
    private static final int TRAILER = 8;
    private static final byte FASTEST = 4;
    private static final byte SMALLEST = 2;
    private static final byte UNIX = 3;

    private final int level;
    private final Kept<GzipCoder> kept;
    private final Deflater deflater;
    private final CRC32 check = new CRC32();
    private boolean begun;

    private GzipCoder(int level, Kept<GzipCoder> kept) {
        this.level = level;
        this.kept = kept;
        this.deflater = new Deflater(level, true);
    }

    /** One that was used before, or a new one. */
    static GzipCoder open(int level, Kept<GzipCoder> kept) {
        @Nullable GzipCoder used = kept.take();
        return used == null ? new GzipCoder(level, kept) : used;
    }

    @Override
    public boolean code(ByteBuffer in, ByteBuffer out, Ask ask) {
        if (!begun) {
            begun = true;
            // method deflate, no flags, no time; what the level was; the system
            out.put((byte) 0x1f).put((byte) 0x8b).put((byte) 8).put((byte) 0).putInt(0);
            out.put(level == 1 ? FASTEST : level == 9 ? SMALLEST : 0).put(UNIX);
        }
        deflater.setInput(in);
        return switch (ask) {
            case NOTHING -> {
                deflate(in, out, Deflater.NO_FLUSH);
                yield !in.hasRemaining();
            }
            case FLUSH -> {
                deflate(in, out, Deflater.SYNC_FLUSH);
                yield out.hasRemaining();
            }
            case END -> end(in, out);
        };
    }

    private boolean end(ByteBuffer in, ByteBuffer out) {
        deflater.finish();
        if (!deflater.finished()) {
            deflate(in, out, Deflater.NO_FLUSH);
        }
        if (!deflater.finished() || out.remaining() < TRAILER) {
            return false;
        }
        ByteOrder before = out.order();
        out.order(ByteOrder.LITTLE_ENDIAN)
                .putInt((int) check.getValue())
                .putInt((int) deflater.getBytesRead())
                .order(before);
        return true;
    }

    /** One call does all there is room for. */
    private void deflate(ByteBuffer in, ByteBuffer out, int flush) {
        ByteBuffer checked = in.duplicate();
        deflater.deflate(out, flush);
        check.update(checked.limit(in.position()));
    }

    /** Keeps its memory for the next body. */
    @Override
    public void close() {
        deflater.reset();
        check.reset();
        begun = false;
        if (!kept.keep(this)) {
            deflater.end();
        }
    }
}
