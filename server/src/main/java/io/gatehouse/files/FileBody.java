package io.gatehouse.files;

import io.gatehouse.exchange.ContentTypes;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.Response;
import io.gatehouse.observe.log.Level;
import io.gatehouse.wire.Errno;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.channels.FileChannel;

/**
 * The body of an answer from a file: by the kernel where every filter of the exchange lets it, else read piece by piece as
 * fast as the client takes it. On the exchange's loop.
 */
public final class FileBody {
    private static final int PIECE = 32 * 1024;
    private static final int AHEAD = 4;

    private final Exchange exchange;
    private final FileChannel file;
    private final long end;
    private long position;

    private FileBody(Exchange exchange, FileChannel file, long length) {
        this.exchange = exchange;
        this.file = file;
        this.end = length;
    }

    /**
     * Answers 200 with what a file says of itself: its length, time, tag and the type that its URI has, unless an application has
     * named one (X-Accel-Redirect). As {@link Exchange#sendHead}.
     */
    public static boolean sendHead(Exchange x, FileFacts facts) {
        Response response = x.response;
        response.status = 200;
        response.contentLength = facts.size();
        response.lastModified = facts.modified();
        if (x.location.core.etag()) {
            response.headers.set(
                    FieldName.ETAG,
                    "\"" + Long.toHexString(facts.modified()) + "-" + Long.toHexString(facts.size()) + "\"");
        }
        if (response.contentType == null) {
            response.contentType = ContentTypes.of(x);
        }
        response.allowRanges = true;
        return x.sendHead();
    }

    /** Sends {@code length} bytes from the beginning and ends the answer, whose head was sent; the file stays open until it is over. */
    public static void send(Exchange exchange, FileChannel file, long length) {
        if (exchange.response.headerOnly || length == 0) {
            exchange.end();
        } else if (exchange.takesFiles()) {
            exchange.send(file, 0, length);
            exchange.end();
        } else {
            new FileBody(exchange, file, length).run();
        }
    }

    private void run() {
        for (int i = 0; i < AHEAD && position < end; i++) {
            if (exchange.isDone() || !sendPiece()) {
                return;
            }
        }
        if (position == end) {
            exchange.end();
            return;
        }
        exchange.flush();
        if (exchange.queued() == 0) {
            exchange.loop.defer(this::run);
        } else {
            exchange.whenDrained(this::run);
        }
    }

    private boolean sendPiece() {
        int size = (int) Math.min(PIECE, end - position);
        ByteBuf piece = exchange.loop.buffer(size);
        int read;
        try {
            read = piece.writeBytes(file, position, size);
        } catch (IOException e) {
            exchange.log(Level.CRIT, "pread() failed (" + Errno.text(e) + ")");
            read = 0;
        }
        if (read <= 0) {
            piece.release();
            // the file was cut short while it was sent: the promised length cannot be kept
            exchange.abort();
            return false;
        }
        position += read;
        exchange.send(piece);
        return true;
    }
}
