package io.gatehouse.wire;

import io.gatehouse.wire.tls.TlsEngine;
import io.gatehouse.wire.tls.TlsException;
import io.gatehouse.wire.tls.TlsFacts;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * TLS of one wire: what waits to be encrypted, and how much of what was encrypted the kernel has taken. Nothing is encrypted
 * before the kernel has taken what was, so that a slow peer holds no more than {@link #BATCH}, and an idle one nothing.
 */
final class TlsLayer implements TlsEngine.Output {
    /** Plaintext that is encrypted at once, for one call of the kernel. */
    private static final int BATCH = 64 * 1024;

    private static final int FLIGHT = 4 * 1024;

    private final SocketLoop loop;
    private final TlsEngine engine;
    private final int record;
    private final OutQueue plain = new OutQueue();
    private long waiting;
    /** What the kernel has yet to take of encrypted bytes, and of how many bytes they were made. */
    private long sealedBytes;

    private long sealedPlain;
    private @Nullable ByteBuf output;
    private boolean handshaking = true;
    private boolean started;
    private boolean ended;
    private boolean broken;

    /**
     * @param record the most plaintext of a record ({@code ssl_buffer_size})
     * @param queued bytes that are still to be sent in clear
     */
    TlsLayer(SocketLoop loop, TlsEngine engine, int record, long queued) {
        this.loop = loop;
        this.engine = engine;
        this.record = Math.clamp(record, 1, TlsEngine.RECORD);
        this.sealedBytes = queued;
        this.sealedPlain = queued;
    }

    boolean isHandshaking() {
        return handshaking;
    }

    /** Whether the handshake has yet to be begun; true once. */
    boolean begins() {
        boolean first = !started;
        started = true;
        return first;
    }

    TlsFacts facts() {
        return engine.facts();
    }

    // -- in

    /** As {@link TlsEngine#handshake}; what is to be sent for it goes to {@code out}. */
    boolean handshake(ByteBuf in, OutQueue out) throws TlsException {
        try {
            handshaking = !engine.handshake(in, this);
            return !handshaking;
        } catch (TlsException e) {
            broken = true;
            throw e;
        } finally {
            takeOutput(out);
        }
    }

    /** As {@link TlsEngine#decrypt}. */
    boolean decrypt(ByteBuf in, ByteBuf to, OutQueue out) throws TlsException {
        try {
            return engine.decrypt(in, to, this);
        } catch (TlsException e) {
            broken = true;
            throw e;
        } finally {
            if (output != null) {
                takeOutput(out);
            }
        }
    }

    @Override
    public ByteBuf buffer() {
        ByteBuf buffer = output;
        if (buffer == null) {
            output = buffer = loop.buffer(FLIGHT);
        }
        return buffer;
    }

    private void takeOutput(OutQueue out) {
        ByteBuf written = output;
        if (written == null) {
            return;
        }
        output = null;
        if (written.isReadable()) {
            sealedBytes += written.readableBytes();
            out.add(written);
        } else {
            written.release();
        }
    }

    // -- out

    void add(Object entry, long length) {
        plain.add(entry);
        waiting += length;
    }

    boolean isEmpty() {
        return plain.isEmpty();
    }

    /** They will have to wait. */
    void settle() {
        plain.settle(loop.allocator());
    }

    /**
     * Encrypts the next batch.
     *
     * @param ending whether nothing more will be written: a close_notify follows what waits
     * @return false if there is nothing to encrypt now
     */
    boolean seal(OutQueue out, boolean ending) throws IOException {
        if (handshaking) {
            return false;
        }
        if (plain.isEmpty()) {
            return ending && end(out);
        }
        int length = (int) Math.min(waiting, BATCH);
        ByteBuf to = loop.buffer(engine.sealed(length, record));
        try {
            for (int left = length; left > 0 && !plain.isEmpty(); ) {
                left -= sealSome(left, to);
            }
        } catch (IOException | RuntimeException e) {
            to.release();
            throw e;
        }
        sealedBytes += to.readableBytes();
        out.add(to);
        return true;
    }

    /** Encrypts at most {@code most} bytes of what is first in the queue. Returns how many. */
    private int sealSome(int most, ByteBuf to) throws IOException {
        int length;
        if (plain.get(0) instanceof ByteBuf buffer && isWholeRecords(buffer)) {
            length = Math.min(most, buffer.readableBytes());
            if (length > record && plain.count() > 1) {
                length -= length % record; // The rest shares a record with what follows.
            }
            sealPieces(buffer, length, to);
            if (!buffer.isReadable()) {
                plain.removeFirst();
            }
        } else {
            ByteBuf gathered = loop.buffers.scratch();
            length = plain.get(0) instanceof FilePart part ? read(part, most, gathered) : gather(most, gathered);
            sealPieces(gathered, length, to);
        }
        waiting -= length;
        sealedPlain += length;
        return length;
    }

    /** Whether the buffer is encrypted from where it is: it fills a record, or nothing could be added to it. */
    private boolean isWholeRecords(ByteBuf buffer) {
        return TlsEngine.isOnePiece(buffer)
                && (buffer.readableBytes() >= record || plain.count() == 1 || !(plain.get(1) instanceof ByteBuf));
    }

    private void sealPieces(ByteBuf buffer, int length, ByteBuf to) throws TlsException {
        if (record == TlsEngine.RECORD) {
            engine.encrypt(buffer, length, to);
            return;
        }
        for (int left = length; left > 0; left -= Math.min(left, record)) {
            engine.encrypt(buffer, Math.min(left, record), to);
        }
    }

    /** Small writes become one record. */
    private int gather(int most, ByteBuf gathered) {
        int room = Math.min(most, record);
        while (gathered.readableBytes() < room && !plain.isEmpty() && plain.get(0) instanceof ByteBuf buffer) {
            gathered.writeBytes(buffer, Math.min(room - gathered.readableBytes(), buffer.readableBytes()));
            if (!buffer.isReadable()) {
                plain.removeFirst();
            }
        }
        return gathered.readableBytes();
    }

    private int read(FilePart part, int most, ByteBuf gathered) throws IOException {
        int wanted = (int) Math.min(Math.min(most, gathered.writableBytes()), part.remaining());
        int length = gathered.writeBytes(part.file, part.position + part.sent, wanted);
        if (length <= 0) {
            throw new IOException("sendfile() reported that the file was truncated");
        }
        part.sent += length;
        if (part.remaining() == 0) {
            plain.removeFirst();
        }
        return length;
    }

    /** The close_notify. Returns false if it has been sent before, or cannot. */
    private boolean end(OutQueue out) {
        if (ended || broken || handshaking) {
            return false;
        }
        ended = true;
        engine.closeNotify(this);
        boolean any = output != null && output.isReadable();
        takeOutput(out);
        return any;
    }

    /** How many bytes that were written the kernel has taken with {@code taken} encrypted ones. */
    long taken(long taken) {
        long bytes = sealedPlain;
        if (taken < sealedBytes) {
            bytes = taken * sealedPlain / sealedBytes;
        }
        sealedBytes = Math.max(0, sealedBytes - taken);
        sealedPlain -= bytes;
        return bytes;
    }

    /** Nothing more can be sent: drops what waits. */
    void clear() {
        plain.clear();
        waiting = 0;
        broken = true;
    }

    /** The wire is closed. */
    void free() {
        plain.clear();
        if (output != null) {
            output.release();
            output = null;
        }
        engine.free();
    }
}
