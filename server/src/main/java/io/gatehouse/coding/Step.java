package io.gatehouse.coding;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What is coded in one go: some pieces of a body, and what is asked for behind the last of them. Runs on the loop or on another
 * thread; handed over from one to the other and never used by both at once.
 */
final class Step {
    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

    final Coder.Ask ask;
    private final Coder coder;
    private final ArrayDeque<Piece> pieces;
    /** Where the result goes; a new one each time the step is run again because it was full. */
    private @Nullable ByteBuf out;

    private boolean complete;
    private @Nullable Exception failure;

    Step(Coder coder, ArrayDeque<Piece> pieces, Coder.Ask ask) {
        this.coder = coder;
        this.pieces = pieces;
        this.ask = ask;
    }

    /** Bytes of the body that are still to be taken. */
    int left() {
        int sum = 0;
        for (Piece piece : pieces) {
            sum += piece.left();
        }
        return sum;
    }

    /** @param room taken over */
    void run(ByteBuf room) {
        out = room;
        try {
            ByteBuffer to = room.nioBuffer(0, room.capacity());
            complete = code(to);
            room.writerIndex(to.position());
        } catch (CodingException | IOException | RuntimeException e) {
            failure = e;
        }
    }

    private boolean code(ByteBuffer to) throws CodingException, IOException {
        Piece piece = pieces.peek();
        if (piece == null) {
            return coder.code(NOTHING.duplicate(), to, ask);
        }
        while (piece != null) {
            ByteBuffer in = piece.bytes();
            int before = in.remaining();
            boolean whole = coder.code(in, to, pieces.size() == 1 ? ask : Coder.Ask.NOTHING);
            piece.took(before - in.remaining());
            if (!whole) {
                return false;
            }
            pieces.remove();
            piece.release();
            piece = pieces.peek();
        }
        return true;
    }

    /** Whether all was taken and what was asked for is written. */
    boolean isComplete() {
        return complete;
    }

    @Nullable
    Exception failure() {
        return failure;
    }

    /** What came of the last run; the caller's from now on. */
    ByteBuf takeOut() {
        ByteBuf result = out;
        out = null;
        return result == null ? Unpooled.EMPTY_BUFFER : result;
    }

    void release() {
        pieces.forEach(Piece::release);
        pieces.clear();
        takeOut().release();
    }
}
