package io.gatehouse.exchange;

import io.netty.buffer.ByteBuf;

/**
 * The body of a request on its way in, by demand: nothing is read from the client before somebody asks. Made by the
 * protocol. On the exchange's loop.
 */
public abstract class RequestBody {
    /** What follows the head: bytes of a known length, or an unknown length, or nothing. */
    public static final long UNKNOWN_LENGTH = -1;

    /** Takes the body's bytes. */
    public interface Receiver {
        /** Bytes of the body; valid during the call unless retained as a slice ({@link ByteBuf#readRetainedSlice}). */
        void onBody(Exchange exchange, ByteBuf borrowed);

        /** The whole body was received; trailers, if any, are in {@link Exchange#requestTrailers}. */
        void onBodyEnd(Exchange exchange);

        /**
         * The body cannot be had: it is malformed (400) or too large (413); answer so. Of a client that is too slow or
         * gone nothing is told here: the exchange is aborted.
         */
        void onBodyFailed(Exchange exchange, int status);
    }

    /** The length declared by Content-Length, 0 for no body, {@link #UNKNOWN_LENGTH} for chunked. Bytes. */
    public abstract long length();

    /** Bytes of the body received so far, without chunk framing. */
    public abstract long received();

    /** Whether the whole body was received (true at once where there is none). */
    public abstract boolean isComplete();

    /**
     * Begins delivery to {@code receiver}, answering {@code Expect: 100-continue} if that was asked. With no body
     * {@link Receiver#onBodyEnd} comes within this call.
     */
    public abstract void read(Receiver receiver);

    /** Whether {@link #read} or {@link #discard} was called. */
    public abstract boolean isStarted();

    /** Pauses or continues delivery. */
    public abstract void demand(boolean on);

    /**
     * What still comes of the body is dropped. Whoever answers without having read it calls this first.
     *
     * @return 0, or the status to answer with in place of the intended one: 400 if what has come already is malformed
     */
    public abstract int discard();
}
