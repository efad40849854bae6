package io.gatehouse.coding;

import io.gatehouse.wire.Loop;
import io.netty.buffer.ByteBuf;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;

/** What of a body waits to be coded, in pieces that are no larger than a step. On the loop. */
final class Backlog {
    private final Loop loop;
    private final int stepBytes;
    private final ArrayDeque<Piece> waiting = new ArrayDeque<>(4);
    private final ArrayDeque<Part> files = new ArrayDeque<>(0);
    private long bytes;

    /** A part of a file that is behind everything in {@link #waiting}. */
    private record Part(FileChannel file, long position, long count) {}

    Backlog(Loop loop, int stepBytes) {
        this.loop = loop;
        this.stepBytes = stepBytes;
    }

    long bytes() {
        return bytes;
    }

    /** @param owned taken over; not empty */
    void add(ByteBuf owned) {
        int length = owned.readableBytes();
        ByteBuf plain = owned;
        if (!owned.isDirect() || owned.nioBufferCount() != 1) {
            plain = loop.buffer(length).writeBytes(owned);
            owned.release();
        }
        while (!files.isEmpty()) {
            // what comes behind a file waits behind it; senders begin again with bytes when the file was taken
            waiting.add(nextOfFile());
        }
        while (plain.readableBytes() > stepBytes) {
            waiting.add(Piece.of(plain.readRetainedSlice(stepBytes)));
        }
        waiting.add(Piece.of(plain));
        bytes += length;
    }

    void add(FileChannel file, long position, long count) {
        files.add(new Part(file, position, count));
        bytes += count;
    }

    /** Pieces for one step, the caller's from now on; none if nothing waits. */
    ArrayDeque<Piece> take() {
        ArrayDeque<Piece> pieces = new ArrayDeque<>(4);
        int taken = 0;
        while (bytes > 0 && taken < stepBytes) {
            Piece piece = waiting.isEmpty() ? nextOfFile() : waiting.remove();
            taken += piece.left();
            bytes -= piece.left();
            pieces.add(piece);
        }
        return pieces;
    }

    private Piece nextOfFile() {
        Part part = files.remove();
        int count = (int) Math.min(part.count, stepBytes);
        if (count < part.count) {
            files.addFirst(new Part(part.file, part.position + count, part.count - count));
        }
        return Piece.of(loop.buffer(count), part.file, part.position, count);
    }

    void release() {
        waiting.forEach(Piece::release);
        waiting.clear();
        files.clear();
        bytes = 0;
    }
}
