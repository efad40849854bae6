package io.gatehouse.protocol.http1;

import io.gatehouse.exchange.CoreSettings;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Headers;
import io.gatehouse.exchange.Response;
import io.gatehouse.wire.Wire;
import io.netty.buffer.ByteBuf;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * One answer on its way to the client: head, framing, body. Small pieces are gathered in one buffer before they are queued
 * on the wire; larger ones are queued as they are.
 */
final class Answer {
    /** A piece of a body that is copied behind the head rather than sent beside it. */
    private static final int SMALL = 1024;
    /** What is handed over without a flush is sent once it is this much. */
    private static final long FLUSH_AT = 256 * 1024;

    private final Exchange exchange;
    private final Wire wire;
    private @Nullable ByteBuf gathered;
    private @Nullable RateLimit limit;
    private long unflushed;
    /** Bytes that Content-Length still promises; -1 where it promises nothing. */
    private long promised = -1;

    private boolean chunked;
    private boolean behindChunk;
    private boolean headOnly;
    private boolean ended;

    Answer(Exchange exchange) {
        this.exchange = exchange;
        this.wire = exchange.client.wire;
    }

    /** Whether the body ends where the connection does. */
    boolean endsWithConnection() {
        return !headOnly && !chunked && promised < 0;
    }

    boolean isEnded() {
        return ended;
    }

    /** Whether the body is shorter than its head said. */
    boolean isShort() {
        return promised > 0;
    }

    void head(HeadWriter writer) {
        Exchange x = exchange;
        Response response = x.response;
        CoreSettings core = x.location.core;
        headOnly = response.headerOnly;
        if (!headOnly && (response.contentLength < 0 || response.expectTrailers)) {
            if (x.version >= Exchange.HTTP_11 && core.chunkedTransferEncoding()) {
                chunked = true;
                response.contentLength = -1;
            } else if (response.contentLength < 0) {
                x.keepAlive = false;
            }
        }
        response.isChunked = chunked;
        limit = RateLimit.of(x);
        if (x.version == Exchange.HTTP_09) {
            x.keepAlive = false;
            promised = headOnly ? -1 : response.contentLength;
            return;
        }
        writer.head(x);
        promised = headOnly ? -1 : response.contentLength;
        int room = promised >= 0 && promised <= SMALL ? (int) promised : 64;
        gather(writer.length() + room).writeBytes(writer.array(), 0, writer.length());
    }

    void body(ByteBuf owned) {
        long length = cut(owned.readableBytes());
        if (length == 0) {
            owned.release();
            return;
        }
        if (length < owned.readableBytes()) {
            owned.writerIndex(owned.readerIndex() + (int) length);
        }
        beginPiece(length);
        ByteBuf before = gathered;
        if (length <= SMALL && before != null && before.writableBytes() >= length) {
            before.writeBytes(owned);
            owned.release();
        } else {
            queueGathered();
            queue(owned);
        }
        flushWhenMuch();
    }

    void body(FileChannel file, long position, long count) {
        long length = cut(count);
        if (length > 0) {
            beginPiece(length);
            queueGathered();
            exchange.bytesSent += length;
            unflushed += length;
            if (limit != null) {
                limit.add(file, position, length);
            } else {
                wire.write(file, position, length);
            }
            flushWhenMuch();
        }
    }

    void end(@Nullable Headers trailers) {
        ended = true;
        if (chunked) {
            ChunkedEncoder.putEnd(gather(ChunkedEncoder.endLength(trailers)), trailers, behindChunk);
            behindChunk = false;
        }
        flush();
    }

    void flush() {
        if (behindChunk) {
            ChunkedEncoder.putChunkEnd(gather(2));
            behindChunk = false;
        }
        queueGathered();
        unflushed = 0;
        if (limit != null) {
            limit.send(wire);
        } else {
            wire.flush();
        }
    }

    /** The wire has taken everything, or the rate limit lets go on. */
    void goOn() {
        if (limit != null) {
            limit.send(wire);
        }
    }

    /** Milliseconds until the rate limit lets anything go on; 0 if it does not hold anything back. */
    long delay() {
        return limit == null || wire.queued() > 0 ? 0 : limit.delay();
    }

    long queued() {
        ByteBuf small = gathered;
        return wire.queued() + (small == null ? 0 : small.readableBytes()) + (limit == null ? 0 : limit.held());
    }

    void release() {
        ByteBuf small = gathered;
        gathered = null;
        if (small != null) {
            small.release();
        }
        if (limit != null) {
            limit.release();
        }
    }

    /** Never more than Content-Length has promised, or the rest would be taken for the next answer. */
    private long cut(long length) {
        if (promised < 0) {
            return length;
        }
        long allowed = Math.min(length, promised);
        promised -= allowed;
        if (allowed < length) {
            exchange.keepAlive = false;
        }
        return allowed;
    }

    private void beginPiece(long length) {
        if (chunked) {
            int room = ChunkedEncoder.SIZE_ROOM + (length <= SMALL ? (int) length : 0);
            ChunkedEncoder.putSize(gather(room), length, behindChunk);
            behindChunk = true;
        }
    }

    private void flushWhenMuch() {
        if (unflushed >= FLUSH_AT) {
            flush();
        }
    }

    /** The buffer for small pieces, with room for {@code room} bytes. */
    private ByteBuf gather(int room) {
        ByteBuf small = gathered;
        if (small != null && small.writableBytes() < room) {
            queueGathered();
            small = null;
        }
        if (small == null) {
            small = exchange.loop.buffer(room);
            gathered = small;
        }
        return small;
    }

    private void queueGathered() {
        ByteBuf small = gathered;
        if (small != null) {
            gathered = null;
            queue(small);
        }
    }

    private void queue(ByteBuf owned) {
        int length = owned.readableBytes();
        exchange.bytesSent += length;
        unflushed += length;
        if (limit != null) {
            limit.add(owned);
        } else {
            wire.write(owned);
        }
    }
}
