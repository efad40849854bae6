package io.gatehouse.protocol.http2;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.ServerSettings;
import io.gatehouse.observe.log.Level;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The header blocks of a client, in one frame or in many (RFC 9113, 4.3): which stream each is for, a new one or one whose
 * trailers it brings; when it is whole it is decoded, always, because the next ones depend on it. On the connection's loop.
 */
final class HeaderBlocks {
    /** CONTINUATION frames of one header block (CVE-2024-27316). */
    static final int MAX_CONTINUATIONS = 64;
    /** Streams that were reset lately, whose frames may still be on their way. */
    private static final int REMEMBERED = 64;

    /** What becomes of a header block. */
    private enum Block {
        NONE,
        REQUEST,
        TRAILERS,
        /** It is decoded and dropped. */
        DROPPED,
    }

    private final Http2Connection connection;
    private final BlockDecoder decoder = new BlockDecoder();
    private final BlockScan scan = new BlockScan();

    /** What a new stream may send at first, as the client's settings say. Bytes. */
    int initialWindow = Frame.DEFAULT_WINDOW;
    /** Whether the client has acknowledged our settings. */
    boolean settingsAcknowledged;

    private int lastStream;
    private Block block = Block.NONE;
    private @Nullable Http2Stream ofBlock;
    private @Nullable ByteBuf fragments;
    private int blockLength;
    private int continuations;
    private boolean endStream;

    private int newStreams;
    private int refusedStreams;
    private final int[] resetLately = new int[REMEMBERED];
    private int resets;

    HeaderBlocks(Http2Connection connection) {
        this.connection = connection;
    }

    /** The last stream that the client has begun. */
    int lastStream() {
        return lastStream;
    }

    /** Bytes of the client are read, perhaps many frames. */
    void beginRead() {
        newStreams = 0;
    }

    /** Whether a header block of a request has begun and is not complete. */
    boolean isWithinHead() {
        return block == Block.REQUEST;
    }

    /** The stream is over; what still comes for it is dropped. */
    @SuppressWarnings("ReferenceEquality") // a stream is itself only
    void left(Http2Stream stream) {
        if (ofBlock == stream) {
            ofBlock = null;
            block = Block.DROPPED;
        }
    }

    void close() {
        dropFragments();
    }

    // ---------------------------------------------------------------- as they come

    /** A block begins. */
    void headers(int stream, boolean ends) {
        endStream = ends;
        blockLength = 0;
        continuations = 0;
        ofBlock = null;
        scan.begin(connection.byDefault().settings().largeClientHeaderBufferSize());
        Http2Stream known = connection.streams.get(stream);
        if (known != null && !known.remoteEnded) {
            block = Block.TRAILERS;
            ofBlock = known;
        } else if (known != null || stream % 2 == 0 || stream <= lastStream) {
            if (known == null && stream % 2 == 1 && wasReset(stream)) {
                block = Block.DROPPED;
            } else {
                connection.broken(
                        ErrorCode.PROTOCOL_ERROR,
                        "client sent HEADERS frame with incorrect identifier " + stream + ", the last was "
                                + lastStream);
            }
        } else if (connection.isGoingAway()) {
            block = Block.DROPPED;
        } else {
            lastStream = stream;
            begin(stream);
        }
    }

    private void begin(int id) {
        Http2Settings settings = connection.settings;
        int limit = settings.concurrentStreams();
        if (connection.streams.size() >= limit) {
            refuse(id, "concurrent streams exceeded " + connection.streams.size());
        } else if (newStreams++ >= 2 * limit) {
            refuse(id, "client sent too many streams at once");
        } else if (!settingsAcknowledged && !endStream && settings.bodyPreread() < Frame.DEFAULT_WINDOW) {
            refuse(id, "client sent stream with data before settings were acknowledged");
        } else {
            Http2Stream stream = new Http2Stream(connection, id, initialWindow, settings.bodyPreread());
            stream.remoteEnded = endStream;
            block = Block.REQUEST;
            ofBlock = stream;
            connection.opened(stream);
        }
    }

    private void refuse(int id, String why) {
        block = Block.DROPPED;
        connection.tell(why);
        if (refusedStreams++ > Math.max(connection.settings.concurrentStreams(), 100)) {
            connection.broken(ErrorCode.NO_ERROR, "client sent too many refused streams");
        } else {
            connection.ends.reset(id, ErrorCode.REFUSED_STREAM);
        }
    }

    void continuation(int length) {
        if (length == 0 && connection.floods.exceeds(Floods.EMPTY)) {
            connection.flood(Floods.EMPTY);
        } else if (++continuations > MAX_CONTINUATIONS) {
            connection.broken(ErrorCode.ENHANCE_YOUR_CALM, "client sent too many CONTINUATION frames");
        }
    }

    private long limit() {
        ServerSettings settings = connection.byDefault().settings();
        return (long) settings.largeClientHeaderBuffers() * settings.largeClientHeaderBufferSize();
    }

    void block(ByteBuf in, int count, int rest, boolean last) {
        if (!scan.look(in, count)) {
            in.skipBytes(count);
            connection.broken(scan.code(), scan.offence());
            return;
        }
        blockLength += count;
        // a field takes a few bytes beside its name and value, and is never much longer than it says
        if (blockLength > 2 * limit() + 1024) {
            in.skipBytes(count);
            connection.broken(ErrorCode.ENHANCE_YOUR_CALM, "client sent too large header");
            return;
        }
        boolean complete = last && rest == 0;
        ByteBuf before = fragments;
        if (before == null && complete) {
            int end = in.writerIndex();
            int next = in.readerIndex() + count;
            in.writerIndex(next);
            decode(in);
            in.setIndex(next, end);
            return;
        }
        if (before == null) {
            before = connection.client.loop.buffer(Math.max(256, count + rest));
            fragments = before;
        }
        before.writeBytes(in, count);
        if (complete) {
            fragments = null;
            try {
                decode(before);
            } finally {
                before.release();
            }
        }
    }

    private void dropFragments() {
        ByteBuf dropped = fragments;
        fragments = null;
        if (dropped != null) {
            dropped.release();
        }
    }

    // ---------------------------------------------------------------- when they are whole

    private void decode(ByteBuf whole) {
        Block kind = block;
        Http2Stream stream = ofBlock;
        block = Block.NONE;
        ofBlock = null;
        if (!scan.isAtEnd()) {
            connection.broken(scan.code(), scan.offence());
            return;
        }
        switch (kind) {
            case REQUEST -> {
                if (stream != null) {
                    request(stream, whole);
                }
            }
            case TRAILERS -> {
                if (stream != null) {
                    trailers(stream, whole);
                }
            }
            default -> decode(whole, null);
        }
    }

    private boolean decode(ByteBuf whole, @Nullable FieldSink to) {
        int code = decoder.decode(whole, to, limit());
        if (code != ErrorCode.NO_ERROR) {
            connection.broken(code, decoder.offence());
            return false;
        }
        return true;
    }

    private void request(Http2Stream stream, ByteBuf whole) {
        Exchange x = stream.exchange();
        HeadReader reader = connection.group.reader;
        reader.begin(x, connection.point.names(), connection.group.takeHead());
        boolean decoded = decode(whole, reader);
        stream.head = reader.array();
        if (!decoded) {
            return;
        }
        if (reader.status() == 0
                && !Http2Settings.of(x.server.level()).enabled()
                && !connection.point.spec().protocols().http2()) {
            x.log(
                    Level.INFO,
                    "client attempted to request the server name for which the negotiated protocol is disabled");
            reader.refuse(421);
        }
        reader.finish(blockLength, stream.remoteEnded);
        connection.floods.used(blockLength);
        WebSocketKey key = reader.webSocket();
        if (key != null) {
            stream.openTunnel(key, connection.settings.bodyPreread());
        }
        stream.begin(reader);
    }

    private void trailers(Http2Stream stream, ByteBuf whole) {
        TrailerReader trailers = new TrailerReader(stream.exchange());
        if (!decode(whole, trailers) || stream.isGone()) {
            return;
        }
        connection.floods.used(blockLength);
        if (!endStream) {
            stream.exchange().log(Level.INFO, "client sent HEADERS frame within a request");
            connection.ends.offend(stream, ErrorCode.PROTOCOL_ERROR);
            return;
        }
        stream.remoteEnded = true;
        stream.trailers(trailers);
    }

    void headTimedOut() {
        Http2Stream stream = ofBlock;
        if (stream != null) {
            connection.ends.timedOut(stream.id);
        }
    }

    /** Frames that were sent before the client heard of it are none of its faults. */
    void rememberReset(int stream) {
        resetLately[resets++ & REMEMBERED - 1] = stream;
    }

    private boolean wasReset(int stream) {
        for (int id : resetLately) {
            if (id == stream) {
                return true;
            }
        }
        return false;
    }
}
