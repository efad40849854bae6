package io.gatehouse.protocol.http1;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.RequestBody;
import io.gatehouse.exchange.ServerSettings;
import io.gatehouse.exchange.Timeline;
import io.gatehouse.observe.log.Level;
import io.gatehouse.protocol.RequestFields;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** The body of one request of HTTP/1: so many bytes, or chunks, or nothing. The connection feeds it while it wants bytes. */
final class Http1Body extends RequestBody {
    private final Http1Connection connection;
    private Exchange exchange;
    private long length;
    private long rest;
    private @Nullable ChunkedDecoder chunks;
    private boolean expectsContinue;

    private @Nullable Receiver receiver;
    private long received;
    private boolean demanded;
    private boolean discarding;
    private boolean complete = true;
    private boolean failed;

    @SuppressWarnings("NullAway.Init") // of() comes before everything else
    Http1Body(Http1Connection connection) {
        this.connection = connection;
    }

    void of(Exchange x) {
        exchange = x;
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

    @Override
    public long length() {
        return length;
    }

    @Override
    public long received() {
        return received;
    }

    @Override
    public boolean isComplete() {
        return complete;
    }

    @Override
    public boolean isStarted() {
        return receiver != null || discarding;
    }

    boolean isDiscarding() {
        return discarding;
    }

    boolean hasFailed() {
        return failed;
    }

    /** Whether the connection shall read on for it. */
    boolean wantsBytes() {
        return !complete && !failed && (discarding || demanded);
    }

    /** Whether somebody waits for bytes that the client has to send. */
    boolean isBeingRead() {
        return wantsBytes() && !discarding;
    }

    /** Whether the client still waits to be told that it may send the body. */
    boolean awaitsContinue() {
        return expectsContinue && !complete;
    }

    @Override
    public void read(Receiver to) {
        if (isStarted()) {
            throw new IllegalStateException("the body is taken already");
        }
        receiver = to;
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
        if (demanded != on && !complete && !failed && !discarding) {
            demanded = on;
            connection.bodyDemandChanged();
        }
    }

    @Override
    public int discard() {
        boolean wasRead = receiver != null;
        receiver = null;
        if (complete || discarding) {
            return 0;
        }
        if (failed) {
            return 400;
        }
        discarding = true;
        ByteBuf here = connection.input();
        // whoever reads it may be in the middle of a piece: what follows comes by itself
        if (here != null && !wasRead) {
            take(here);
        }
        if (failed) {
            return 400;
        }
        connection.bodyDemandChanged();
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
        while (!complete && !failed && in.isReadable()) {
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
                    case ChunkedDecoder.INVALID -> failed = true;
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
        if (discarding || receiver == null) {
            in.skipBytes(count);
            return;
        }
        int end = in.writerIndex();
        int next = in.readerIndex() + count;
        in.writerIndex(next);
        receiver.onBody(exchange, in);
        in.setIndex(next, end);
    }

    private void completed() {
        complete = true;
        exchange.timeline.mark(Timeline.Instant.BODY_READ, exchange.loop.nanos());
        connection.bodyDemandChanged();
        Receiver to = receiver;
        if (to != null && !exchange.isDone()) {
            to.onBodyEnd(exchange);
        }
    }

    private void fail(int status) {
        failed = true;
        exchange.keepAlive = false;
        connection.bodyDemandChanged();
        Receiver to = receiver;
        if (to != null) {
            to.onBodyFailed(exchange, status);
        }
    }
}
