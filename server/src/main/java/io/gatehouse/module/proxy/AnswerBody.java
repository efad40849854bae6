package io.gatehouse.module.proxy;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Headers;
import io.gatehouse.observe.log.Level;
import io.gatehouse.protocol.http1.ChunkedDecoder;
import io.gatehouse.wire.Wire;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Reads the body of an application's answer, takes its framing off and hands it on. */
final class AnswerBody {
    private static final int NO_BODY = 0;
    private static final int BY_LENGTH = 1;
    private static final int CHUNKED = 2;
    private static final int UNTIL_CLOSE = 3;

    private static final long SHORT = 16 * 1024;

    private final Passage passage;
    private final Exchange x;
    private final ProxySettings settings;
    private final Delivery delivery;
    private @Nullable Wire wire;
    private @Nullable ChunkedDecoder chunks;
    private boolean close;
    private int framing;
    private long remaining;

    AnswerBody(Passage passage) {
        this.passage = passage;
        this.x = passage.x;
        this.settings = passage.settings;
        this.delivery = new Delivery(passage);
    }

    /** Where it comes from; null as long as nobody is asked. */
    void from(@Nullable Wire from) {
        wire = from;
    }

    /** How the body is delimited (RFC 9112, 6.3). */
    void frame(AnswerHead read, int status) {
        close = read.close;
        if (status == 204
                || status == 304
                || status == 101
                || passage.sender().method().equals("HEAD")) {
            framing = NO_BODY;
        } else if (read.chunked) {
            framing = CHUNKED;
            chunks = new ChunkedDecoder(settings.bufferSize, 0);
        } else if (read.contentLength == 0) {
            framing = NO_BODY;
        } else if (read.contentLength > 0) {
            framing = BY_LENGTH;
            remaining = read.contentLength;
        } else {
            framing = UNTIL_CLOSE;
        }
    }

    boolean isEmpty() {
        return framing == NO_BODY;
    }

    /** Whether it costs less to read it than to begin another connection. */
    boolean isShort() {
        return framing == BY_LENGTH && remaining <= SHORT;
    }

    boolean isChunked() {
        return framing == CHUNKED;
    }

    /** The connection is of no use for another request. */
    void lastOfConnection() {
        close = true;
    }

    boolean isLastOfConnection() {
        return close;
    }

    /** The head was sent to the client: what comes now follows it. */
    void begin(AnswerHead read, int status) {
        delivery.begin(read.buffering, status, read.contentLength);
    }

    /** Bytes behind the head. */
    void bytes(ByteBuf in) {
        switch (framing) {
            case BY_LENGTH -> byLength(in);
            case CHUNKED -> chunked(in);
            case UNTIL_CLOSE -> {
                if (in.isReadable()) {
                    deliver(in, in.readableBytes());
                }
            }
            default -> {
                if (in.isReadable()) {
                    tooMuch();
                }
                whole();
            }
        }
    }

    private void byLength(ByteBuf in) {
        int length = (int) Math.min(remaining, in.readableBytes());
        if (length > 0) {
            remaining -= length;
            deliver(in, length);
        }
        if (remaining == 0) {
            if (in.isReadable()) {
                tooMuch();
            }
            whole();
        }
    }

    private void tooMuch() {
        x.log(Level.WARN, "upstream sent more data than specified in \"Content-Length\" header");
        close = true;
    }

    private void chunked(ByteBuf in) {
        ChunkedDecoder decoder = chunks;
        if (decoder == null) {
            return;
        }
        while (true) {
            switch (decoder.next(in)) {
                case ChunkedDecoder.DATA -> {
                    int length = decoder.available(in);
                    deliver(in, length);
                    decoder.took(length);
                }
                case ChunkedDecoder.END -> {
                    if (in.isReadable()) {
                        x.log(Level.WARN, "upstream sent data after final chunk");
                        close = true;
                    }
                    trailers(decoder.trailers());
                    whole();
                    return;
                }
                case ChunkedDecoder.INVALID -> {
                    x.log(Level.ERROR, "upstream sent invalid chunked response");
                    passage.breakOff();
                    return;
                }
                default -> {
                    return;
                }
            }
        }
    }

    private void trailers(@Nullable Headers fields) {
        x.upstreamTrailers = fields;
        if (fields == null || !settings.passTrailers) {
            return;
        }
        Headers out = new Headers();
        for (int i = 0; i < fields.size(); i++) {
            if (!settings.rules.hides(fields, i)) {
                out.addFrom(fields, i);
            }
        }
        x.response.trailers = out;
    }

    private void deliver(ByteBuf in, int length) {
        passage.bodyBytes(length);
        delivery.piece(in.readRetainedSlice(length));
    }

    private void whole() {
        passage.answered(!close);
        delivery.end();
    }

    /** What came in this turn of the loop was handed on. */
    void afterRead() {
        Wire from = wire;
        if (from != null) {
            delivery.afterRead(from);
        }
    }

    /** The application has shut its side. */
    void ended() {
        if (framing == UNTIL_CLOSE) {
            close = true;
            whole();
            return;
        }
        x.log(Level.ERROR, "upstream prematurely closed connection");
        passage.breakOff();
    }

    void breakOff() {
        delivery.breakOff();
    }

    /** Whether the application is not read because the client, or the disk, is slower. */
    boolean isHeld() {
        return delivery.isHeld();
    }

    /** Whether it is not read for a while that was chosen, and the deadline means the end of that. */
    boolean isWaitingOnPurpose() {
        return delivery.isWaiting();
    }

    void goOn() {
        delivery.goOn();
    }

    /** The exchange is over: nothing goes to the client any more. */
    void clientOver() {
        delivery.clientOver();
    }
}
