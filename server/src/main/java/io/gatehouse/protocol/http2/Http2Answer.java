package io.gatehouse.protocol.http2;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Headers;
import io.gatehouse.exchange.Response;
import io.gatehouse.exchange.ResponseSink;
import io.gatehouse.observe.log.Level;
import io.gatehouse.wire.Wire;
import io.netty.buffer.ByteBuf;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * The answer of one stream as it is handed over: makes its head, keeps its body to what was promised, and says what its end means
 * (RFC 9113, 8.1). What goes when is the stream's matter. On its loop.
 */
final class Http2Answer implements ResponseSink {
    /** What is handed over without a flush is sent once it is this much. */
    private static final long FLUSH_AT = 64 * 1024;

    private final Http2Stream stream;
    /** Bytes that Content-Length still promises; -1 where it promises nothing. */
    private long promised = -1;

    private boolean headOnly;

    Http2Answer(Http2Stream stream) {
        this.stream = stream;
    }

    @Override
    public void interim(Exchange x, int status, Headers fields) {
        stream.interim(status, fields);
    }

    @Override
    public void head(Exchange x) {
        if (stream.isGone()) {
            return;
        }
        if (!stream.body.isStarted()) {
            stream.body.discard();
        }
        Response response = x.response;
        int status = response.status;
        boolean opens = false;
        WebSocketKey webSocket = stream.webSocket();
        if (webSocket != null || status == 101) {
            int meant = Handshake.status(x, webSocket);
            opens = status == 101 && meant == 200;
            if (!opens && meant != status) {
                Handshake.tell(x, meant);
                refuse(x, meant);
                return;
            }
            status = meant;
        }
        headOnly = response.headerOnly && !opens;
        stream.pace(x);
        if (opens) {
            response.contentLength = -1;
            response.headers.remove(Handshake.ACCEPT);
        }
        stream.connection.outflow.heads.head(x, status);
        promised = headOnly ? -1 : response.contentLength;
        stream.writeHead(headOnly || response.contentLength == 0 && !response.expectTrailers);
    }

    /** Tells with a status alone that there will be no tunnel. */
    private void refuse(Exchange x, int status) {
        x.logStatus = status;
        headOnly = true;
        stream.connection.outflow.heads.interim(status, new Headers());
        stream.writeHead(true);
    }

    @Override
    public void body(Exchange x, ByteBuf owned) {
        int length = (int) cut(owned.readableBytes());
        if (length == 0) {
            owned.release();
            return;
        }
        owned.writerIndex(owned.readerIndex() + length);
        stream.queue.add(owned);
        sendWhenMuch();
    }

    @Override
    public void body(Exchange x, FileChannel file, long position, long count) {
        long length = cut(count);
        if (length > 0) {
            stream.queue.add(file, position, length);
            sendWhenMuch();
        }
    }

    /** Never more than Content-Length has promised, and nothing that nobody takes. */
    private long cut(long length) {
        if (!stream.takes() || headOnly) {
            return 0;
        }
        if (promised < 0) {
            return length;
        }
        long allowed = Math.min(length, promised);
        promised -= allowed;
        return allowed;
    }

    private void sendWhenMuch() {
        if (stream.queue.length() >= FLUSH_AT) {
            stream.connection.outflow.ready(stream);
        }
    }

    @Override
    public void flush(Exchange x) {
        if (!stream.isGone() && stream.queue.length() > 0) {
            stream.connection.outflow.ready(stream);
        }
    }

    @Override
    public void end(Exchange x, @Nullable Headers trailers) {
        if (promised > 0 && !stream.isGone()) {
            stream.handedOver();
            x.log(Level.ERROR, "the answer is shorter than its Content-Length");
            abort(x);
        } else {
            stream.end(trailers);
        }
    }

    @Override
    public long queued(Exchange x) {
        return stream.isGone() ? 0 : stream.queued();
    }

    @Override
    public void abort(Exchange x) {
        stream.abort();
    }

    @Override
    public @Nullable Wire takeWire(Exchange x) {
        StreamWire wire = stream.tunnel;
        if (!stream.takes() || wire == null) {
            return null;
        }
        x.request.detach();
        x.whenDone(wire::exchangeEnded);
        wire.taken();
        return wire;
    }
}
