package io.gatehouse.protocol.http2;

import io.netty.buffer.ByteBuf;

/** Hears what a {@link FrameReader} has read of the frames of a client, on the connection's loop. */
interface FrameListener {
    /**
     * A DATA frame begins.
     *
     * @param size bytes that count for flow control, padding included
     * @param length bytes of the body in it; they come by {@link #dataBytes}, then {@link #dataEnd} is called
     */
    void data(int stream, int size, int length, boolean endStream);

    /** The next {@code count} bytes of {@code in} belong to the body; whoever is called reads or skips exactly those. */
    void dataBytes(ByteBuf in, int count);

    void dataEnd();

    /** A HEADERS frame begins; its header block comes by {@link #block}. */
    void headers(int stream, boolean endStream);

    /**
     * The next {@code count} bytes of {@code in} go on with the header block; they are read or skipped.
     *
     * @param rest bytes of the block that are yet to come in this frame
     * @param last whether no CONTINUATION frame follows this frame
     */
    void block(ByteBuf in, int count, int rest, boolean last);

    /** A CONTINUATION frame begins. */
    void continuation(int length);

    void priority(int stream);

    void reset(int stream, int code);

    /** A SETTINGS frame with so many parameters begins. */
    void settings(int count);

    void setting(int id, long value);

    void settingsEnd();

    void settingsAcknowledged();

    void ping(long payload);

    void goAway();

    void windowUpdate(int stream, int increment);

    /** A frame without a meaning: an unknown type, or an answer to a ping that was not sent. */
    void ignored();

    /** The connection cannot go on. */
    void broken(int code, String why);

    /** For the error log. */
    void tell(String message);
}
