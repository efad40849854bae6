package io.gatehouse.exchange;

import io.netty.buffer.ByteBuf;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * Where an answer goes: a protocol towards the client, or the collector of a subrequest. On the exchange's loop. After
 * the connection was lost every call is accepted and does nothing but release buffers.
 */
public interface ResponseSink {
    /** An interim answer (1xx) with these fields; 101 is not one. */
    void interim(Exchange exchange, int status, Headers fields);

    /** The head of the final answer, as it stands in the exchange's {@link Response}. */
    void head(Exchange exchange);

    /** Part of the body; takes over the buffer. */
    void body(Exchange exchange, ByteBuf owned);

    /** Part of the body from a file that stays open until the answer has ended. */
    void body(Exchange exchange, FileChannel file, long position, long count);

    /** The body has ended. The protocol calls {@link Exchange#sent} when everything was taken by the kernel. */
    void end(Exchange exchange, @Nullable Headers trailers);

    /** Delivers what was handed over so far. */
    void flush(Exchange exchange);

    /** Bytes handed over that the kernel has not taken; {@link Exchange#onDrained} tells when it is zero again. */
    long queued(Exchange exchange);

    /** Breaks the answer off so that the client notices (connection closed, stream reset). */
    void abort(Exchange exchange);

    /**
     * Ends HTTP on this connection and hands its wire over for a tunnel, after the head (101) was sent. Null where the
     * protocol has no wire to give. What the client has sent behind its request comes to the tunnel's sink first. When the
     * tunnel has ended its owner calls {@link Exchange#sent}, which ends the exchange and closes the wire; when {@link
     * Exchange#whenAborted} runs it must end.
     */
    default io.gatehouse.wire.@Nullable Wire takeWire(Exchange exchange) {
        return null;
    }
}
