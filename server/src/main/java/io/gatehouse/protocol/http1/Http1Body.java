package io.gatehouse.protocol.http1;

import io.gatehouse.exchange.ServerSettings;
import io.gatehouse.observe.log.Level;
import io.gatehouse.protocol.ClientBody;
import io.gatehouse.protocol.RequestFields;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** The body of one request of HTTP/1: so many bytes, or chunks, or nothing. The connection feeds it while it wants bytes. */
final class Http1Body extends ClientBody {
    private final Http1Connection connection;
    private long rest;
    private @Nullable ChunkedDecoder chunks;

    Http1Body(Http1Connection connection) {
        this.connection = connection;
    }

    /** What the head said of it. */
    void begin(RequestFields head) {
        expectsContinue = head.expectsContinue;
        if (head.chunked) {
            ServerSettings limits = exchange.server.settings();
            chunks = new ChunkedDecoder(limits.largeClientHeaderBufferSize(), limits.maxHeaders());
            length = UNKNOWN_LENGTH;
            complete = false;
        } else {
            length = Math.max(head.contentLength, 0);
            rest = length;
            complete = length == 0;
        }
    }

    boolean isDiscarding() {
        return discarding;
    }

    boolean hasFailed() {
        return failure != 0;
    }

    /** Whether the connection shall read on for it. */
    boolean wantsBytes() {
        return !complete && failure == 0 && (discarding || demanded);
    }

    /** Whether the client still waits to be told that it may send the body. */
    boolean awaitsContinue() {
        return expectsContinue && !complete;
    }

    @Override
    public void read(Receiver to) {
        begin(to);
        if (expectsContinue && !exchange.isHeadSent()) {
            expectsContinue = false;
            connection.responder.sendContinue(exchange);
        }
        if (complete) {
            to.onBodyEnd(exchange);
        } else {
            demand(true);
        }
    }

    @Override
    public void demand(boolean on) {
        if (demanded != on && !isSettled()) {
            demanded = on;
            changed();
        }
    }

    @Override
    public int discard() {
        boolean wasRead = receiver != null;
        receiver = null;
        if (complete || discarding) {
            return 0;
        }
        if (failure != 0) {
            return 400;
        }
        discarding = true;
        ByteBuf here = connection.input();
        // whoever reads it may be in the middle of a piece: what follows comes by itself
        if (here != null && !wasRead) {
            take(here);
        }
        if (failure != 0) {
            return 400;
        }
        changed();
        return 0;
    }

    /** Takes what it wants of the bytes. Returns whether it took any. */
    boolean take(ByteBuf in) {
        int before = in.readableBytes();
        while (wantsBytes() && in.isReadable() && !exchange.isDone()) {
            if (chunks == null) {
                deliver(in, (int) Math.min(rest, in.readableBytes()));
                if (rest == 0) {
                    completed();
                }
            } else if (!takeChunked(chunks, in)) {
                break;
            }
        }
        return in.readableBytes() != before;
    }

    /** After the exchange is over nobody but the connection takes what still comes. Returns whether it took any. */
    boolean drop(ByteBuf in) {
        int before = in.readableBytes();
        while (!complete && failure == 0 && in.isReadable()) {
            if (chunks == null) {
                int count = (int) Math.min(rest, in.readableBytes());
                in.skipBytes(count);
                rest -= count;
                complete = rest == 0;
            } else {
                switch (chunks.next(in)) {
                    case ChunkedDecoder.DATA -> {
                        int count = chunks.available(in);
                        in.skipBytes(count);
                        chunks.took(count);
                    }
                    case ChunkedDecoder.END -> complete = true;
                    case ChunkedDecoder.INVALID -> failure = 400;
                    default -> {}
                }
            }
        }
        return in.readableBytes() != before;
    }

    private boolean takeChunked(ChunkedDecoder decoder, ByteBuf in) {
        int found = decoder.next(in);
        if (found == ChunkedDecoder.DATA) {
            if (!discarding && isTooLarge(decoder)) {
                return false;
            }
            int count = decoder.available(in);
            decoder.took(count);
            deliver(in, count);
            return true;
        }
        if (found == ChunkedDecoder.END) {
            exchange.requestTrailers = decoder.trailers();
            completed();
        } else if (found == ChunkedDecoder.INVALID) {
            exchange.log(Level.ERROR, "client sent invalid chunked body");
            fail(400);
        }
        return false;
    }

    private boolean isTooLarge(ChunkedDecoder decoder) {
        long limit = exchange.location.core.clientMaxBodySize();
        if (limit == 0 || limit - received >= decoder.remaining()) {
            return false;
        }
        exchange.log(
                Level.ERROR,
                "client intended to send too large chunked body: " + received + "+" + decoder.remaining() + " bytes");
        fail(413);
        return true;
    }

    private void deliver(ByteBuf in, int count) {
        received += count;
        rest -= count;
        hand(in, count);
    }

    @Override
    protected void changed() {
        if (failure != 0) {
            exchange.keepAlive = false;
        }
        connection.bodyDemandChanged();
    }
}
