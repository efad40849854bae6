package io.gatehouse.module.zstd;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import io.gatehouse.coding.Coder;
import io.gatehouse.coding.CodingException;
import io.gatehouse.coding.Kept;
import java.nio.ByteBuffer;

/** Makes one zstd frame (RFC 8878) of a body. */
final class ZstdCoder implements Coder {
    /** Shorter bodies leave little memory behind, so that their context may be kept. Bytes. */
    private static final long SHORT = 64 * 1024;

    private static final Kept<ZstdCompressCtx> KEPT = new Kept<>();

    private final ZstdCompressCtx context;
    private final boolean isShort;

    ZstdCoder(int level, long length) {
        ZstdCompressCtx used = KEPT.take();
        context = used == null ? new ZstdCompressCtx() : used;
        isShort = length >= 0 && length <= SHORT;
        context.setLevel(level);
        if (length >= 0) {
            context.setPledgedSrcSize(length);
        }
    }

    @Override
    public boolean code(ByteBuffer in, ByteBuffer out, Ask ask) throws CodingException {
        EndDirective directive = switch (ask) {
            case NOTHING -> EndDirective.CONTINUE;
            case FLUSH -> EndDirective.FLUSH;
            case END -> EndDirective.END;
        };
        try {
            boolean whole = context.compressDirectByteBufferStream(out, in, directive);
            while (!whole && out.hasRemaining() && (in.hasRemaining() || ask != Ask.NOTHING)) {
                whole = context.compressDirectByteBufferStream(out, in, directive);
            }
            return ask == Ask.NOTHING ? !in.hasRemaining() : whole;
        } catch (ZstdException e) {
            throw new CodingException("zstd encoder failed: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        if (isShort) {
            context.reset();
            if (KEPT.keep(context)) {
                return;
            }
        }
        context.close();
    }
}
