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
import java.util.ArrayList;
import java.util.List;
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
    /** Bytes of a body that is passed on as it comes, as long as there is nobody to pass them to. */
    private @Nullable ByteBuf early;
    /** All of such a body came before there was somebody: it is {@link #early} and can be sent again. */
    private boolean wholeEarly;
    /** Pieces of this turn of the loop, to go out as one chunk. */
    private final List<ByteBuf> pieces;

    private int piecesLength;
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
    private boolean bodyEnded;
    /** Bytes of the body were passed on that nobody has any more. */
    private boolean bytesPassed;

    private boolean held;
    private boolean over;

    RequestSender(Passage passage, boolean streaming) {
        this.passage = passage;
        this.x = passage.x;
        this.settings = passage.settings;
        this.streaming = streaming;
        this.pieces = streaming ? new ArrayList<>(4) : List.of();
    }

    /** Writes the head. Returns false if there is no URI to ask for (logged). */
    boolean prepare(Place place) {
        method = settings.head.method(x);
        if (streaming) {
            x.body.read(this);
            if (over) {
                return true;
            }
        }
        Octets out = passage.gear.rack.scratch.clear();
        String own = settings.body == null ? null : settings.body.eval(x);
        long length = own != null ? own.length() : bodyLength();
        chunked = length < 0 && streaming && x.body.length() == RequestBody.UNKNOWN_LENGTH;
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
        if (bodyEnded) {
            // it was all there at once
            keepEarly();
            return early == null ? 0 : early.readableBytes();
        }
        // what a client says of its body is not true of a subrequest, which has none
        boolean said = !x.isSubrequest() && x.request.has(FieldName.CONTENT_LENGTH);
        if (!settings.passBody) {
            return said ? 0 : -1;
        }
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
            beginStream();
        } else {
            storedBody(to);
            complete = true;
        }
        to.flush();
        progress();
    }

    private void beginStream() {
        if (bodyEnded) {
            keepEarly();
        }
        ByteBuf before = early;
        if (before != null) {
            if (!wholeEarly) {
                early = null;
                bytesPassed = true;
            }
            piece(wholeEarly ? before.retainedSlice() : before);
        }
        if (bodyEnded) {
            endStream();
        } else {
            sendPieces();
            goOnReading();
        }
    }

    /** The body is small and complete: it stays, for another attempt and for {@code $request_body}. */
    private void keepEarly() {
        if (!wholeEarly) {
            wholeEarly = true;
            ByteBuf whole = early;
            x.storedBody = whole == null
                    ? StoredBody.EMPTY
                    : new StoredBody(whole.retainedSlice(), null, null, whole.readableBytes(), false);
        }
    }

    private void goOnReading() {
        if (held && wire != null && wire.queued() == 0) {
            held = false;
            x.body.demand(true);
        }
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
        int length = borrowed.readableBytes();
        if (over || length == 0) {
            return;
        }
        if (wire == null) {
            early(borrowed, length);
            return;
        }
        bytesPassed = true;
        if (pieces.isEmpty()) {
            x.loop.defer(this::sendPieces);
        }
        piece(borrowed.readRetainedSlice(length));
    }

    private void early(ByteBuf borrowed, int length) {
        int room = x.location.core.clientBodyBufferSize();
        ByteBuf begun = early;
        if (begun == null) {
            begun = x.loop.buffer(Math.max(length, Math.min(room, 4096)));
            early = begun;
        }
        begun.writeBytes(borrowed);
        if (begun.readableBytes() >= room) {
            held = true;
            x.body.demand(false);
        }
    }

    private void piece(ByteBuf owned) {
        piecesLength += owned.readableBytes();
        pieces.add(owned);
    }

    /** Sends what came in this turn of the loop. */
    private void sendPieces() {
        Wire to = wire;
        if (over || to == null) {
            dropPieces();
            return;
        }
        writePieces(to);
        to.flush();
        if (!held && to.queued() > MOST_QUEUED) {
            held = true;
            x.body.demand(false);
        }
        passage.watchSilence();
    }

    private void writePieces(Wire to) {
        if (piecesLength == 0) {
            return;
        }
        if (chunked) {
            ByteBuf size = x.loop.buffer(ChunkedEncoder.SIZE_ROOM);
            ChunkedEncoder.putSize(size, piecesLength, false);
            to.write(size);
        }
        pieces.forEach(to::write);
        pieces.clear();
        piecesLength = 0;
        if (chunked) {
            ByteBuf end = x.loop.buffer(2);
            ChunkedEncoder.putChunkEnd(end);
            to.write(end);
        }
    }

    private void dropPieces() {
        if (piecesLength > 0) {
            pieces.forEach(ByteBuf::release);
            pieces.clear();
            piecesLength = 0;
        }
    }

    @Override
    public void onBodyEnd(Exchange exchange) {
        bodyEnded = true;
        if (!over && wire != null) {
            endStream();
            passage.watchSilence();
        }
    }

    private void endStream() {
        Wire to = wire;
        if (to == null) {
            return;
        }
        writePieces(to);
        if (chunked) {
            ByteBuf end = x.loop.buffer(ChunkedEncoder.endLength(x.requestTrailers));
            ChunkedEncoder.putEnd(end, x.requestTrailers, false);
            to.write(end);
        }
        complete = true;
        to.flush();
        progress();
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
        goOnReading();
        progress();
    }

    // ---------------------------------------------------------------- the state of affairs

    String method() {
        return method;
    }

    /**
     * A kept connection may turn out to be closed, so it is only for what can and may be sent twice: nobody can tell
     * whether an application that closes has not read the request before (RFC 9110, 9.2.2).
     */
    boolean mayUseKept() {
        return (!streaming || wholeEarly)
                && (!NextUpstream.isNonIdempotent(method) || passage.settings.next.repeatsNonIdempotent());
    }

    /** Whether the request may be sent once more, to this peer or another. */
    boolean canRepeat() {
        return !bytesPassed;
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
        dropPieces();
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
        dropPieces();
        ByteBuf written = head;
        head = null;
        if (written != null) {
            written.release();
        }
        ByteBuf before = early;
        early = null;
        if (before != null) {
            before.release();
        }
        if (streaming && !bodyEnded && !x.isDone()) {
            x.body.discard();
        }
        return whole;
    }
}
