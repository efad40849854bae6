package io.gatehouse.protocol.http2;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.observe.log.Level;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What the frames of a client mean for the streams of its connection (RFC 9113, 5 and 6), and where their number or their order
 * means harm. On the connection's loop.
 */
final class FrameEvents implements FrameListener {
    /** Parameters of one SETTINGS frame. */
    static final int MAX_SETTINGS = 32;
    /** Answers to PING and SETTINGS that the client has not taken (CVE-2019-9512, CVE-2019-9515). */
    static final int MAX_REPLIES = 1000;

    private final Http2Connection connection;
    private final Outflow outflow;
    private final HeaderBlocks blocks;

    private long receiveWindow = Frame.MAX_WINDOW;
    private long newInitialWindow;

    private @Nullable Http2Stream ofData;
    private boolean dataEndsStream;

    private int replies;

    FrameEvents(Http2Connection connection, HeaderBlocks blocks) {
        this.connection = connection;
        this.outflow = connection.outflow;
        this.blocks = blocks;
    }

    /** The client has taken every answer. */
    void repliesTaken() {
        replies = 0;
    }

    /** The stream is over; what still comes for it is dropped. */
    @SuppressWarnings("ReferenceEquality") // a stream is itself only
    void left(Http2Stream stream) {
        if (ofData == stream) {
            ofData = null;
        }
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
        if (stream <= blocks.lastStream() && stream % 2 == 1) {
            return false;
        }
        connection.broken(ErrorCode.PROTOCOL_ERROR, "client sent " + frame + " frame for idle stream " + stream);
        return true;
    }

    // ---------------------------------------------------------------- header blocks

    @Override
    public void headers(int stream, boolean ends) {
        blocks.headers(stream, ends);
    }

    @Override
    public void continuation(int length) {
        blocks.continuation(length);
    }

    @Override
    public void block(ByteBuf in, int count, int rest, boolean last) {
        blocks.block(in, count, rest, last);
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
            connection.ends.offend(stream, ErrorCode.STREAM_CLOSED);
            return;
        }
        ofData = stream;
        int window = stream.receiveWindow();
        if (!stream.frame(size, length, ends)) {
            connection.tell("client violated flow control for stream " + id + ": received DATA frame length " + size
                    + ", available window " + window);
            connection.ends.offend(stream, ErrorCode.FLOW_CONTROL_ERROR);
        }
    }

    @Override
    public void dataBytes(ByteBuf in, int count) {
        Http2Stream stream = ofData;
        if (stream == null) {
            in.skipBytes(count);
        } else {
            connection.floods.used(count);
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
        connection.ends.left(stream);
    }

    @Override
    public void settings(int count) {
        newInitialWindow = blocks.initialWindow;
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
        long delta = newInitialWindow - blocks.initialWindow;
        blocks.initialWindow = (int) newInitialWindow;
        if (delta != 0) {
            for (Http2Stream stream : connection.streams.all()) {
                adjust(stream, delta);
            }
        }
    }

    private void adjust(Http2Stream stream, long delta) {
        if (stream.window + delta > Frame.MAX_WINDOW) {
            connection.ends.offend(stream, ErrorCode.FLOW_CONTROL_ERROR);
        } else {
            stream.window += delta;
            outflow.ready(stream);
        }
    }

    @Override
    public void settingsAcknowledged() {
        blocks.settingsAcknowledged = true;
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
            connection.ends.offend(stream, ErrorCode.FLOW_CONTROL_ERROR);
            return;
        }
        stream.window += increment;
        outflow.ready(stream);
    }
}
