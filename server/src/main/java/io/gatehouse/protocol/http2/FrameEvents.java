package io.gatehouse.protocol.http2;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.ServerSettings;
import io.gatehouse.observe.log.Level;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What the frames of a client mean for the streams of its connection (RFC 9113, 5 and 6), and where their number or their order
 * means harm. On the connection's loop.
 */
final class FrameEvents implements FrameReader.Frames {
    /** CONTINUATION frames of one header block (CVE-2024-27316). */
    static final int MAX_CONTINUATIONS = 64;
    /** Parameters of one SETTINGS frame. */
    static final int MAX_SETTINGS = 32;
    /** Answers to PING and SETTINGS that the client has not taken (CVE-2019-9512, CVE-2019-9515). */
    static final int MAX_REPLIES = 1000;
    /** Streams that were reset lately, whose frames may still be on their way. */
    private static final int REMEMBERED = 64;

    /** What becomes of a header block. */
    private enum Block {
        NONE,
        REQUEST,
        TRAILERS,
        /** It is decoded, because the next ones depend on it, and dropped. */
        DROPPED,
    }

    private final Http2Connection connection;
    private final Outflow outflow;
    private final BlockDecoder decoder = new BlockDecoder();
    private final BlockScan scan = new BlockScan();

    private int lastStream;
    private long receiveWindow = Frame.MAX_WINDOW;
    private int initialWindow = Frame.DEFAULT_WINDOW;
    private long newInitialWindow;
    private boolean settingsAcknowledged;

    private Block block = Block.NONE;
    private @Nullable Http2Stream ofBlock;
    private @Nullable ByteBuf fragments;
    private int blockLength;
    private int continuations;
    private boolean endStream;

    private @Nullable Http2Stream ofData;
    private boolean dataEndsStream;

    private int newStreams;
    private int refusedStreams;
    private int replies;
    private final int[] resetLately = new int[REMEMBERED];
    private int resets;

    FrameEvents(Http2Connection connection) {
        this.connection = connection;
        this.outflow = connection.outflow;
    }

    int lastStream() {
        return lastStream;
    }

    /** Bytes of the client are read, perhaps many frames. */
    void beginRead() {
        newStreams = 0;
    }

    /** The client has taken every answer. */
    void repliesTaken() {
        replies = 0;
    }

    /** Whether a header block of a request has begun and is not complete. */
    boolean isWithinHead() {
        return block == Block.REQUEST;
    }

    /** The stream is over; what still comes for it is dropped. */
    @SuppressWarnings("ReferenceEquality") // a stream is itself only
    void left(Http2Stream stream) {
        if (ofData == stream) {
            ofData = null;
        }
        if (ofBlock == stream) {
            ofBlock = null;
            block = Block.DROPPED;
        }
    }

    void close() {
        dropFragments();
    }

    @Override
    public void broken(int code, String why) {
        connection.broken(code, why);
    }

    @Override
    public void tell(String message) {
        connection.tell(message);
    }

    private void count(int kind) {
        if (connection.floods.exceeds(kind)) {
            connection.flood(kind);
        }
    }

    private void reply() {
        outflow.plan();
        if (++replies > MAX_REPLIES) {
            connection.broken(ErrorCode.ENHANCE_YOUR_CALM, "http2 flood detected");
        }
    }

    /** Whether the stream has not begun; to speak of it is an error of the connection (RFC 9113, 5.1). */
    private boolean isIdle(int stream, String frame) {
        if (stream <= lastStream && stream % 2 == 1) {
            return false;
        }
        connection.broken(ErrorCode.PROTOCOL_ERROR, "client sent " + frame + " frame for idle stream " + stream);
        return true;
    }

    // ---------------------------------------------------------------- header blocks

    @Override
    public void headers(int stream, boolean ends) {
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
            connection.reset(id, ErrorCode.REFUSED_STREAM);
        }
    }

    @Override
    public void continuation(int length) {
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

    @Override
    public void block(ByteBuf in, int count, int rest, boolean last) {
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
        connection.payloadBytes += blockLength;
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
        connection.payloadBytes += blockLength;
        if (!endStream) {
            stream.exchange().log(Level.INFO, "client sent HEADERS frame within a request");
            connection.resetForOffence(stream, ErrorCode.PROTOCOL_ERROR);
            return;
        }
        stream.remoteEnded = true;
        stream.trailers(trailers);
    }

    void headTimedOut() {
        Http2Stream stream = ofBlock;
        if (stream != null) {
            connection.streamTimedOut(stream.id);
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

    // ---------------------------------------------------------------- DATA

    @Override
    public void data(int id, int size, int length, boolean ends) {
        ofData = null;
        dataEndsStream = ends;
        if (size > receiveWindow) {
            connection.broken(
                    ErrorCode.FLOW_CONTROL_ERROR,
                    "client violated connection flow control: received DATA frame length " + size
                            + ", available window " + receiveWindow);
            return;
        }
        receiveWindow -= size;
        if (receiveWindow < Frame.MAX_WINDOW / 4) {
            connection.openWindow(0, (int) (Frame.MAX_WINDOW - receiveWindow));
            receiveWindow = Frame.MAX_WINDOW;
        }
        if (length == 0 && !ends && connection.floods.exceeds(Floods.EMPTY)) {
            connection.flood(Floods.EMPTY);
            return;
        }
        Http2Stream stream = connection.streams.get(id);
        if (stream == null) {
            isIdle(id, "DATA");
            return;
        }
        if (stream.isGone()) {
            return;
        }
        if (stream.remoteEnded) {
            connection.tell("client sent DATA frame for half-closed stream " + id);
            connection.resetForOffence(stream, ErrorCode.STREAM_CLOSED);
            return;
        }
        ofData = stream;
        int window = stream.receiveWindow();
        if (!stream.frame(size, length, ends)) {
            connection.tell("client violated flow control for stream " + id + ": received DATA frame length " + size
                    + ", available window " + window);
            connection.resetForOffence(stream, ErrorCode.FLOW_CONTROL_ERROR);
        }
    }

    @Override
    public void dataBytes(ByteBuf in, int count) {
        Http2Stream stream = ofData;
        if (stream == null) {
            in.skipBytes(count);
        } else {
            connection.payloadBytes += count;
            stream.take(in, count);
        }
    }

    @Override
    public void dataEnd() {
        Http2Stream stream = ofData;
        ofData = null;
        if (stream != null && dataEndsStream) {
            stream.remoteEnded = true;
            stream.endOfRequest();
        }
    }

    // ---------------------------------------------------------------- the small ones

    @Override
    public void priority(int stream) {
        count(Floods.PRIORITIES);
    }

    @Override
    public void reset(int id, int code) {
        Http2Stream stream = connection.streams.get(id);
        if (stream == null) {
            isIdle(id, "RST_STREAM");
            return;
        }
        if (connection.floods.exceeds(Floods.RESETS)) {
            connection.flood(Floods.RESETS);
            return;
        }
        if (stream.isGone()) {
            return;
        }
        Exchange x = stream.exchange();
        String why = switch (code) {
            case ErrorCode.CANCEL -> "client canceled stream " + id;
            case ErrorCode.INTERNAL_ERROR -> "client terminated stream " + id + " due to internal error";
            default -> "client terminated stream " + id + " with status " + Integer.toUnsignedString(code);
        };
        x.log(Level.INFO, why);
        stream.remoteEnded = true;
        connection.left(stream);
    }

    @Override
    public void settings(int count) {
        newInitialWindow = initialWindow;
        if (count > MAX_SETTINGS) {
            connection.broken(ErrorCode.ENHANCE_YOUR_CALM, "client sent SETTINGS frame with too many parameters");
        } else {
            count(Floods.SETTINGS);
        }
    }

    @Override
    public void setting(int id, long value) {
        switch (id) {
            case Frame.INITIAL_WINDOW_SIZE -> {
                if (value > Frame.MAX_WINDOW) {
                    incorrect("INITIAL_WINDOW_SIZE", value, ErrorCode.FLOW_CONTROL_ERROR);
                }
                newInitialWindow = value;
            }
            case Frame.MAX_FRAME_SIZE -> {
                if (value > Frame.MAX_SIZE || value < Frame.DEFAULT_SIZE) {
                    incorrect("MAX_FRAME_SIZE", value, ErrorCode.PROTOCOL_ERROR);
                } else {
                    outflow.maxFrame = (int) value;
                }
            }
            case Frame.ENABLE_PUSH -> {
                if (value > 1) {
                    incorrect("ENABLE_PUSH", value, ErrorCode.PROTOCOL_ERROR);
                }
            }
            case Frame.HEADER_TABLE_SIZE -> outflow.tableUpdate = true;
            default -> {}
        }
    }

    private void incorrect(String name, long value, int code) {
        connection.broken(code, "client sent SETTINGS frame with incorrect " + name + " value " + value);
    }

    @Override
    public void settingsEnd() {
        outflow.writer.settingsAcknowledged();
        reply();
        long delta = newInitialWindow - initialWindow;
        initialWindow = (int) newInitialWindow;
        if (delta != 0) {
            for (Http2Stream stream : connection.streams.all()) {
                adjust(stream, delta);
            }
        }
    }

    private void adjust(Http2Stream stream, long delta) {
        if (stream.window + delta > Frame.MAX_WINDOW) {
            connection.resetForOffence(stream, ErrorCode.FLOW_CONTROL_ERROR);
        } else {
            stream.window += delta;
            outflow.ready(stream);
        }
    }

    @Override
    public void settingsAcknowledged() {
        settingsAcknowledged = true;
        count(Floods.SETTINGS);
    }

    @Override
    public void ping(long payload) {
        outflow.writer.pingAnswer(payload);
        count(Floods.PINGS);
        reply();
    }

    @Override
    public void goAway() {
        count(Floods.IGNORED);
    }

    @Override
    public void ignored() {
        count(Floods.IGNORED);
    }

    @Override
    public void windowUpdate(int id, int increment) {
        if (connection.floods.exceeds(Floods.UPDATES)) {
            connection.flood(Floods.UPDATES);
        } else if (id == 0) {
            connectionWindow(increment);
        } else {
            streamWindow(id, increment);
        }
    }

    private void connectionWindow(int increment) {
        long before = outflow.window;
        if (before + increment > Frame.MAX_WINDOW) {
            connection.broken(
                    ErrorCode.FLOW_CONTROL_ERROR,
                    "client violated connection flow control: received WINDOW_UPDATE frame with window increment "
                            + increment + " not allowed for window " + before);
            return;
        }
        outflow.window = before + increment;
        if (before == 0) {
            StreamTable streams = connection.streams;
            for (int i = 0; i < streams.slots(); i++) {
                Http2Stream stream = streams.at(i);
                if (stream != null) {
                    outflow.ready(stream);
                }
            }
        }
    }

    private void streamWindow(int id, int increment) {
        Http2Stream stream = connection.streams.get(id);
        if (stream == null) {
            isIdle(id, "WINDOW_UPDATE");
            return;
        }
        if (stream.window + increment > Frame.MAX_WINDOW) {
            connection.tell("client violated flow control for stream " + id
                    + ": received WINDOW_UPDATE frame with window increment " + increment
                    + " not allowed for window " + stream.window);
            connection.resetForOffence(stream, ErrorCode.FLOW_CONTROL_ERROR);
            return;
        }
        stream.window += increment;
        outflow.ready(stream);
    }
}
