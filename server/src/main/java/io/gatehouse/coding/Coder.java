package io.gatehouse.coding;

import java.nio.ByteBuffer;

/** Turns one stream of bytes into another, piece by piece. Belongs to one body; used by one thread at a time. */
public interface Coder {
    /** What is asked for beside taking the input. */
    enum Ask {
        /** Nothing: what is better kept for later may be kept. */
        NOTHING,
        /** Everything taken so far is written, so that the receiver can read it. */
        FLUSH,
        /** As {@link #FLUSH}, and the stream ends. */
        END,
    }

    /**
     * Takes bytes from {@code in} and writes to {@code out}; moves the positions of both.
     *
     * @param out has room for at least 64 bytes
     * @return true when all of {@code in} was taken and what was asked for is written; false when {@code out} is full, and then
     *     the same is to be asked again with what is left
     * @throws CodingException if the input is not what it should be
     */
    boolean code(ByteBuffer in, ByteBuffer out, Ask ask) throws CodingException;

    /** Frees what it holds; on the loop, also after a failure. Called once. */
    void close();
}
