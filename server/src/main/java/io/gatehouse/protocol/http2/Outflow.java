package io.gatehouse.protocol.http2;

import io.gatehouse.wire.Loop;
import io.gatehouse.wire.Wire;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What goes to the client: the streams that have something to send take turns, a frame each, and what all of them give in one
 * turn of the loop is sent at once. On its loop.
 */
final class Outflow {
    /** More than this waiting for the kernel is not added to: frames of other streams must not wait behind it. */
    private static final long MOST_UNSENT = 256 * 1024;
    /** Rounds of that size in one turn of the loop; then others have theirs. */
    private static final int ROUNDS = 8;

    /** Hears what became of what was sent. */
    interface Watcher {
        /** The kernel has taken every frame of the stream. */
        void sent(Http2Stream stream);

        /** A flush is over, and all were told. */
        void flushed();
    }

    final FrameWriter writer;
    final BlockWriter heads;
    private final Wire wire;
    private final Loop loop;
    private final Watcher watcher;
    /** Bytes that the client is ready to take on the connection. */
    long window = Frame.DEFAULT_WINDOW;
    /** The largest frame that the client takes. */
    int maxFrame = Frame.DEFAULT_SIZE;
    /** The client has set the size of its table: it is told that none of it is used (RFC 7541, 4.2). */
    boolean tableUpdate;

    private @Nullable Http2Stream first;
    private @Nullable Http2Stream last;
    private List<Http2Stream> unsent = new ArrayList<>();
    private List<Http2Stream> lookedAt = new ArrayList<>();
    private boolean planned;
    private boolean closed;

    Outflow(Wire wire, BlockWriter heads, Watcher watcher) {
        this.wire = wire;
        this.loop = wire.loop();
        this.heads = heads;
        this.watcher = watcher;
        this.writer = new FrameWriter(wire);
    }

    /** Writes the block that was encoded last; returns the bytes written. */
    int head(Http2Stream stream, boolean endStream) {
        ByteBuf block = heads.block(tableUpdate);
        tableUpdate = false;
        return writer.headers(stream.id, block, endStream, maxFrame);
    }

    /** Something was written, or may be: at the end of the loop's turn it goes. */
    void plan() {
        if (!planned && !closed) {
            planned = true;
            loop.defer(this::turn);
        }
    }

    /** The stream has something to send. */
    void ready(Http2Stream stream) {
        if (!stream.inRound && stream.hasMore()) {
            stream.inRound = true;
            append(stream);
            plan();
        }
    }

    private void append(Http2Stream stream) {
        Http2Stream before = last;
        if (before == null) {
            first = stream;
        } else {
            before.nextInRound = stream;
        }
        last = stream;
    }

    /** The stream has written frames that the kernel has yet to take. */
    void wrote(Http2Stream stream) {
        if (!stream.isUnsent) {
            stream.isUnsent = true;
            unsent.add(stream);
        }
        plan();
    }

    private void turn() {
        planned = false;
        if (!closed) {
            send();
        }
    }

    /** Sends what can go now, and tells what became of it. */
    void send() {
        for (int i = 0; i < ROUNDS; i++) {
            fill();
            writer.flush();
            if (first == null || wire.queued() > 0) {
                break;
            }
        }
        if (first != null && wire.queued() == 0) {
            plan();
        }
        tell();
    }

    private void fill() {
        while (first != null && writer.unsent() < MOST_UNSENT) {
            Http2Stream stream = first;
            first = stream.nextInRound;
            stream.nextInRound = null;
            if (first == null) {
                last = null;
            }
            if (stream.sendFrame()) {
                append(stream);
            } else {
                stream.inRound = false;
            }
        }
    }

    private void tell() {
        if (!unsent.isEmpty()) {
            List<Http2Stream> streams = unsent;
            unsent = lookedAt;
            lookedAt = streams;
            for (int i = 0; i < streams.size(); i++) {
                Http2Stream stream = streams.get(i);
                if (!stream.isSent()) {
                    unsent.add(stream);
                } else {
                    stream.isUnsent = false;
                    watcher.sent(stream);
                }
            }
            streams.clear();
        }
        watcher.flushed();
    }

    /** Nothing more is sent but what was written. */
    void close() {
        closed = true;
        writer.release();
        first = null;
        last = null;
        unsent.clear();
    }
}
