package io.gatehouse.module.gunzip;

import io.gatehouse.coding.Coder;
import io.gatehouse.coding.CodingException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Undoes gzip: one member behind the other (RFC 1952, 2.2). */
final class GunzipCoder implements Coder {
    private static final int TRAILER = 8;

    private final MemberHead head = new MemberHead();
    private final Inflater inflater = new Inflater(true);
    private final CRC32 check = new CRC32();
    private boolean inMember;
    private long trailer;
    private int trailerBytes;
    private boolean anything;

    @Override
    public boolean code(ByteBuffer in, ByteBuffer out, Ask ask) throws CodingException {
        anything |= in.hasRemaining();
        while (true) {
            if (!inMember) {
                if (!head.read(in)) {
                    break;
                }
                inMember = true;
            }
            if (!inflater.finished()) {
                inflate(in, out);
                if (!inflater.finished()) {
                    if (!out.hasRemaining()) {
                        return false;
                    }
                    break;
                }
            }
            if (!trailer(in)) {
                break;
            }
        }
        if (ask == Ask.END && anything && (inMember || !head.isFresh())) {
            throw new CodingException("inflate() returned -5 on response end");
        }
        return true;
    }

    private void inflate(ByteBuffer in, ByteBuffer out) throws CodingException {
        inflater.setInput(in);
        try {
            int before;
            do {
                before = out.position();
                inflater.inflate(out);
                ByteBuffer written = out.duplicate();
                check.update(written.flip().position(before));
            } while (out.hasRemaining() && out.position() > before && !inflater.finished());
        } catch (DataFormatException e) {
            throw new CodingException("inflate() failed: 0, -3 (" + e.getMessage() + ")");
        }
    }

    /** Check sum and length behind a member; false if they are not all there. */
    private boolean trailer(ByteBuffer in) throws CodingException {
        while (trailerBytes < TRAILER) {
            if (!in.hasRemaining()) {
                return false;
            }
            trailer |= (in.get() & 0xffL) << 8 * trailerBytes++;
        }
        long length = inflater.getBytesWritten() & 0xffff_ffffL;
        if ((trailer & 0xffff_ffffL) != check.getValue()) {
            throw new CodingException("inflate() failed: 0, -3 (incorrect data check)");
        }
        if (trailer >>> 32 != length) {
            throw new CodingException("inflate() failed: 0, -3 (incorrect length check)");
        }
        inflater.reset();
        check.reset();
        head.reset();
        trailer = 0;
        trailerBytes = 0;
        inMember = false;
        return true;
    }

    @Override
    public void close() {
        inflater.end();
    }
}
