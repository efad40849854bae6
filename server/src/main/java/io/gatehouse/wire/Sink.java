package io.gatehouse.wire;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Receives what happens on a {@link Wire}. Every call comes on the wire's loop.
 *
 * <p>After {@link Wire#close()} or {@link Wire#reset()} no further call comes.
 */
public interface Sink {
    /** The connection that {@link Loop#connect} began is established; reading is still off. */
    default void onConnected(Wire wire) {}

    /**
     * The handshake that {@link Wire#secure} began has ended, and {@link Wire#tls} tells what came of it. What was written in
     * the meantime is sent now. If it fails, {@link #onClosed} tells why with a {@link io.gatehouse.wire.tls.TlsException}.
     */
    default void onSecured(Wire wire) {}

    /**
     * Bytes arrived. The buffer is the loop's own and valid only during the call: what is not read from it is lost.
     * A slice may be kept with {@link ByteBuf#readRetainedSlice} (to be written elsewhere, say): the loop then takes
     * another buffer for its next read.
     */
    void onBytes(Wire wire, ByteBuf borrowed);

    /** Everything queued was taken by the kernel, after a flush had left something queued. */
    void onWritable(Wire wire);

    /** The peer shut its sending side (end of stream). The wire can still be written. */
    void onEnd(Wire wire);

    /**
     * The wire is closed because of the peer or an error, never because of {@link Wire#close()}; {@code cause} is null
     * when there is no error to tell. For a connection that never came about this is the only call. The wire has
     * released everything when this is called.
     */
    void onClosed(Wire wire, @Nullable IOException cause);
}
