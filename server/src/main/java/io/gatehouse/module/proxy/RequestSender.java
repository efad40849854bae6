package io.gatehouse.module.proxy;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.RequestBody;
import io.gatehouse.exchange.StoredBody;
import io.gatehouse.exchange.Timeline;
import io.gatehouse.module.proxy.ProxyTarget.Place;
import io.gatehouse.observe.log.Level;
import io.gatehouse.protocol.http1.ChunkedEncoder;
import io.gatehouse.text.Octets;
import io.gatehouse.wire.Wire;
import io.netty.buffer.ByteBuf;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * Sends the request: a head written once, and a body from memory, from a file, or from the client as it comes. A request
 * whose body is at hand can be sent again.
 */
final class RequestSender implements RequestBody.Receiver {
    /** More than this queued holds the client back. */
    private static final long MOST_QUEUED = 256 * 1024;

    private final Passage passage;
    private final Exchange x;
    private final ProxySettings settings;
    private final boolean streaming;
    private boolean chunked;
    private boolean reusable;
    private String method = "";
    private @Nullable ByteBuf head;
    private @Nullable Wire wire;
    private long sentBefore;
    private long bytesSent;
    private boolean begun;
    /** All of the request was queued. */
    private boolean complete;
    private boolean marked;
    private boolean bodyTaken;
    private boolean held;
    private boolean over;

    RequestSender(Passage passage, boolean streaming) {
        this.passage = passage;
        this.x = passage.x;
        this.settings = passage.settings;
        this.streaming = streaming;
    }

    /** Writes the head. Returns false if there is no URI to ask for (logged). */
    boolean prepare(Place place) {
        method = settings.head.method(x);
        Octets out = passage.gear.rack.scratch.clear();
        String own = settings.body == null ? null : settings.body.eval(x);
        long length = own != null ? own.length() : bodyLength();
        chunked = streaming && x.body.length() == RequestBody.UNKNOWN_LENGTH;
        reusable = settings.head.write(x, place, settings.target.location(), method, length, chunked, out);
        if (own != null) {
            out.put(own);
        }
        if (out.array()[method.length() + 1] == ' ') {
            x.log(Level.ERROR, "zero length URI to proxy");
            return false;
        }
        head = x.loop.buffer(out.length()).writeBytes(out.array(), 0, out.length());
        return true;
    }

    /** Content-Length for the application; -1 for none. */
    private long bodyLength() {
        StoredBody stored = x.storedBody;
        long declared = x.body.length();
        boolean said = x.request.has(FieldName.CONTENT_LENGTH);
        if (stored != null) {
            return stored.length() > 0 || said || declared < 0 ? stored.length() : -1;
        }
        return declared > 0 || said ? declared : -1;
    }

    /** Sends it over the wire, as far as it is at hand. */
    void begin(Wire to) {
        wire = to;
        sentBefore = to.bytesSent();
        begun = true;
        ByteBuf written = head;
        if (written == null) {
            return;
        }
        to.write(written.retainedSlice());
        if (streaming) {
            if (!bodyTaken) {
                bodyTaken = true;
                x.body.read(this);
            }
        } else {
            storedBody(to);
            complete = true;
        }
        to.flush();
        progress();
    }

    private void storedBody(Wire to) {
        StoredBody stored = x.storedBody;
        if (stored == null || stored.length() == 0 || !settings.passBody || settings.body != null) {
            return;
        }
        ByteBuf memory = stored.memory();
        FileChannel file = stored.file();
        if (memory != null) {
            to.write(memory.retainedSlice());
        } else if (file != null) {
            to.write(file, 0, stored.length());
        }
    }

    private void progress() {
        Wire to = wire;
        if (complete && !marked && to != null && to.queued() == 0) {
            marked = true;
            x.timeline.mark(Timeline.Instant.UPSTREAM_SENT, x.loop.nanos());
        }
    }

    // ---------------------------------------------------------------- a body as it comes

    @Override
    public void onBody(Exchange exchange, ByteBuf borrowed) {
        Wire to = wire;
        int length = borrowed.readableBytes();
        if (over || to == null || length == 0) {
            return;
        }
        if (chunked) {
            ByteBuf size = x.loop.buffer(ChunkedEncoder.SIZE_ROOM);
            ChunkedEncoder.putSize(size, length, false);
            to.write(size);
        }
        to.write(borrowed.readRetainedSlice(length));
        if (chunked) {
            ByteBuf end = x.loop.buffer(2);
            ChunkedEncoder.putChunkEnd(end);
            to.write(end);
        }
        to.flush();
        if (!held && to.queued() > MOST_QUEUED) {
            held = true;
            x.body.demand(false);
        }
        passage.watchSilence();
    }

    @Override
    public void onBodyEnd(Exchange exchange) {
        Wire to = wire;
        if (over || to == null) {
            return;
        }
        if (chunked) {
            ByteBuf end = x.loop.buffer(ChunkedEncoder.endLength(x.requestTrailers));
            ChunkedEncoder.putEnd(end, x.requestTrailers, false);
            to.write(end);
        }
        complete = true;
        to.flush();
        progress();
        passage.watchSilence();
    }

    @Override
    public void onBodyFailed(Exchange exchange, int status) {
        if (over) {
            return;
        }
        if (x.isHeadSent()) {
            passage.breakOff();
        } else {
            passage.finish(status);
        }
    }

    /** The wire took everything that was queued. */
    void writable() {
        if (held) {
            held = false;
            x.body.demand(true);
        }
        progress();
    }

    // ---------------------------------------------------------------- the state of affairs

    String method() {
        return method;
    }

    /** A kept connection may turn out to be closed, so it is only for what can be sent twice. */
    boolean mayUseKept() {
        return reusable && !streaming;
    }

    /** Whether the request may be sent once more, to this peer or another. */
    boolean canRepeat() {
        return !streaming || !bodyTaken;
    }

    /** Whether an application has been given any of it in this attempt. */
    boolean hasSent() {
        return begun;
    }

    boolean isComplete() {
        return complete;
    }

    /** Whether the application takes no more for now. */
    boolean isBlocked() {
        return wire != null && wire.queued() > 0;
    }

    long bytesSent() {
        return wire == null ? bytesSent : wire.bytesSent() - sentBefore;
    }

    /** Gets ready for another attempt. */
    void again() {
        bytesSent = 0;
        wire = null;
        begun = false;
        complete = false;
        marked = false;
    }

    /** Nothing more is to be sent. Returns whether all of it was, so that the connection may be used again. */
    boolean end() {
        Wire to = wire;
        boolean whole = complete && to != null && to.queued() == 0 && reusable;
        over = true;
        if (to != null) {
            bytesSent = to.bytesSent() - sentBefore;
        }
        wire = null;
        ByteBuf written = head;
        head = null;
        if (written != null) {
            written.release();
        }
        if (streaming && !complete && !x.isDone()) {
            x.body.discard();
        }
        return whole;
    }
}
