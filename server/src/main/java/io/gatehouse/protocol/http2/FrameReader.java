package io.gatehouse.protocol.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/**
 * Reads the preface and the frames of a client (RFC 9113, sections 3.4, 4 and 6) as their bytes come, in whatever pieces. Sees
 * to what concerns frames alone: their lengths, their padding, that a header block is not interrupted. What offends is told in
 * nginx's words, and nothing is read after it.
 */
final class FrameReader {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** What the next byte is. */
    private enum State {
        PREFACE,
        HEAD,
        /** How much padding there is. */
        PAD_LENGTH,
        /** What a HEADERS frame says of priority. */
        DEPENDENCY,
        DATA,
        BLOCK,
        /** A payload of few bytes, taken as a whole. */
        WHOLE,
        SETTINGS,
        SKIPPED,
        OVER,
    }

    private final FrameListener frames;
    private State state = State.PREFACE;
    /** Bytes of the preface, a head or a small payload that came so far. */
    private final byte[] part = new byte[PREFACE.length];

    private int have;
    private int type;
    private int flags;
    private int stream;
    private int length;
    /** Bytes of the payload that are not read, without padding. */
    private int rest;

    private int padding;
    /** The stream whose header block goes on; 0 if none does. */
    private int blockStream;

    FrameReader(FrameListener frames) {
        this.frames = frames;
    }

    /** Whether a frame has begun and not ended. */
    boolean isWithinFrame() {
        return blockStream != 0 || have > 0 || state != State.HEAD && state != State.OVER;
    }

    boolean isOver() {
        return state == State.OVER;
    }

    /** Nothing more is read. */
    void stop() {
        state = State.OVER;
    }

    /** Reads all bytes there are. */
    void read(ByteBuf in) {
        while (in.isReadable()) {
            switch (state) {
                case PREFACE -> preface(in);
                case HEAD -> head(in);
                case PAD_LENGTH -> padLength(in.readUnsignedByte());
                case DEPENDENCY -> dependency(in);
                case DATA -> data(in);
                case BLOCK -> block(in);
                case WHOLE -> whole(in);
                case SETTINGS -> settings(in);
                case SKIPPED -> skipped(in);
                default -> in.skipBytes(in.readableBytes());
            }
        }
    }

    private void preface(ByteBuf in) {
        while (in.isReadable() && have < PREFACE.length) {
            if (in.readByte() != PREFACE[have++]) {
                broken(ErrorCode.PROTOCOL_ERROR, "invalid connection preface");
                return;
            }
        }
        if (have == PREFACE.length) {
            next();
        }
    }

    private void next() {
        have = 0;
        if (state != State.OVER) {
            state = State.HEAD;
        }
    }

    private void broken(int code, String why) {
        state = State.OVER;
        frames.broken(code, why);
    }

    private void head(ByteBuf in) {
        if (have == 0 && in.readableBytes() >= Frame.HEAD) {
            length = in.readUnsignedMedium();
            type = in.readUnsignedByte();
            flags = in.readUnsignedByte();
            stream = in.readInt() & Integer.MAX_VALUE;
        } else {
            if (!collect(in, Frame.HEAD)) {
                return;
            }
            length = (part[0] & 255) << 16 | (part[1] & 255) << 8 | part[2] & 255;
            type = part[3] & 255;
            flags = part[4] & 255;
            stream = integer(5) & Integer.MAX_VALUE;
        }
        have = 0;
        rest = length;
        padding = 0;
        begin();
        if (rest == 0 && padding == 0 && state == State.SKIPPED) {
            next();
        }
    }

    /** Gathers bytes up to {@code count}; whether they are there. */
    private boolean collect(ByteBuf in, int count) {
        int more = Math.min(count - have, in.readableBytes());
        in.readBytes(part, have, more);
        have += more;
        return have == count;
    }

    private int integer(int at) {
        return (part[at] & 255) << 24 | (part[at + 1] & 255) << 16 | (part[at + 2] & 255) << 8 | part[at + 3] & 255;
    }

    private boolean has(int flag) {
        return (flags & flag) != 0;
    }

    private void begin() {
        state = State.SKIPPED;
        if (blockStream != 0) {
            continued();
            return;
        }
        switch (type) {
            case Frame.DATA -> beginData();
            case Frame.HEADERS -> beginHeaders();
            case Frame.PRIORITY -> beginWhole(5, "PRIORITY");
            case Frame.RST_STREAM -> beginWhole(4, "RST_STREAM");
            case Frame.SETTINGS -> beginSettings();
            case Frame.PUSH_PROMISE -> broken(ErrorCode.PROTOCOL_ERROR, "client sent PUSH_PROMISE frame");
            case Frame.PING -> beginWhole(8, "PING");
            case Frame.GOAWAY -> beginGoAway();
            case Frame.WINDOW_UPDATE -> beginWhole(4, "WINDOW_UPDATE");
            case Frame.CONTINUATION -> broken(ErrorCode.PROTOCOL_ERROR, "client sent unexpected CONTINUATION frame");
            default -> {
                frames.tell("client sent frame with unknown type " + type);
                frames.ignored();
            }
        }
    }

    private void incorrectLength(String name) {
        broken(ErrorCode.FRAME_SIZE_ERROR, "client sent " + name + " frame with incorrect length " + length);
    }

    private void incorrectIdentifier(String name) {
        broken(ErrorCode.PROTOCOL_ERROR, "client sent " + name + " frame with incorrect identifier");
    }

    private void beginWhole(int size, String name) {
        if (length != size) {
            incorrectLength(name);
        } else {
            state = State.WHOLE;
        }
    }

    // ---------------------------------------------------------------- DATA

    private void beginData() {
        if (has(Frame.PADDED)) {
            if (length == 0) {
                String why = "client sent padded DATA frame with incorrect length: 0";
                broken(ErrorCode.FRAME_SIZE_ERROR, why);
            } else {
                state = State.PAD_LENGTH;
            }
        } else {
            dataBegins();
        }
    }

    private void dataBegins() {
        if (stream == 0) {
            incorrectIdentifier("DATA");
            return;
        }
        state = State.DATA;
        frames.data(stream, length, rest, has(Frame.END_STREAM));
        if (rest == 0) {
            dataEnds();
        }
    }

    private void data(ByteBuf in) {
        int count = Math.min(rest, in.readableBytes());
        rest -= count;
        frames.dataBytes(in, count);
        if (rest == 0) {
            dataEnds();
        }
    }

    private void dataEnds() {
        if (state != State.OVER) {
            frames.dataEnd();
            skipPadding();
        }
    }

    private void skipPadding() {
        if (state != State.OVER) {
            rest = padding;
            padding = 0;
            state = State.SKIPPED;
            if (rest == 0) {
                next();
            }
        }
    }

    private void skipped(ByteBuf in) {
        int count = Math.min(rest, in.readableBytes());
        in.skipBytes(count);
        rest -= count;
        if (rest == 0) {
            next();
        }
    }

    private void padLength(int count) {
        padding = count;
        rest--;
        boolean headers = type == Frame.HEADERS;
        int room = headers ? rest - (has(Frame.PRIORITY_FLAG) ? 5 : 0) : rest;
        if (padding > room) {
            String name = headers ? "HEADERS" : "DATA";
            broken(
                    ErrorCode.PROTOCOL_ERROR,
                    "client sent padded " + name + " frame with incorrect length: " + (headers ? room : length)
                            + ", padding: " + padding);
            return;
        }
        rest -= padding;
        if (headers) {
            afterPadLength();
        } else {
            dataBegins();
        }
    }

    // ---------------------------------------------------------------- HEADERS and CONTINUATION

    private void beginHeaders() {
        int before = (has(Frame.PADDED) ? 1 : 0) + (has(Frame.PRIORITY_FLAG) ? 5 : 0);
        if (length < before) {
            incorrectLength("HEADERS");
        } else if (length == before) {
            broken(ErrorCode.FRAME_SIZE_ERROR, "client sent HEADERS frame with empty header block");
        } else if (has(Frame.PADDED)) {
            state = State.PAD_LENGTH;
        } else {
            afterPadLength();
        }
    }

    private void afterPadLength() {
        if (has(Frame.PRIORITY_FLAG)) {
            state = State.DEPENDENCY;
        } else {
            headersBegin();
        }
    }

    private void dependency(ByteBuf in) {
        if (collect(in, 5)) {
            have = 0;
            rest -= 5;
            if (dependsOnItself("HEADERS")) {
                return;
            }
            headersBegin();
        }
    }

    private boolean dependsOnItself(String name) {
        if ((integer(0) & Integer.MAX_VALUE) != stream) {
            return false;
        }
        String why = "client sent " + name + " frame for stream " + stream + " with incorrect dependency";
        broken(ErrorCode.PROTOCOL_ERROR, why);
        return true;
    }

    private void headersBegin() {
        state = State.BLOCK;
        blockStream = stream;
        frames.headers(stream, has(Frame.END_STREAM));
        if (rest == 0) {
            blockEnds();
        }
    }

    private void continued() {
        if (type != Frame.CONTINUATION) {
            String why = "client sent inappropriate frame while CONTINUATION was expected";
            broken(ErrorCode.PROTOCOL_ERROR, why);
        } else if (stream != blockStream) {
            broken(ErrorCode.PROTOCOL_ERROR, "client sent CONTINUATION frame with incorrect identifier");
        } else {
            state = State.BLOCK;
            frames.continuation(length);
            if (state != State.OVER && rest == 0) {
                blockEnds();
            }
        }
    }

    private void block(ByteBuf in) {
        int count = Math.min(rest, in.readableBytes());
        rest -= count;
        frames.block(in, count, rest, has(Frame.END_HEADERS));
        if (rest == 0) {
            blockEnded();
        }
    }

    /** A frame without a byte of the block. */
    private void blockEnds() {
        if (state != State.OVER && has(Frame.END_HEADERS)) {
            frames.block(Unpooled.EMPTY_BUFFER, 0, 0, true);
        }
        blockEnded();
    }

    private void blockEnded() {
        if (has(Frame.END_HEADERS)) {
            blockStream = 0;
        }
        skipPadding();
    }

    // ---------------------------------------------------------------- the small ones

    private void whole(ByteBuf in) {
        if (!collect(in, length)) {
            return;
        }
        rest = 0;
        next();
        switch (type) {
            case Frame.PRIORITY -> {
                if (stream == 0) {
                    incorrectIdentifier("PRIORITY");
                } else if (!dependsOnItself("PRIORITY")) {
                    frames.priority(stream);
                }
            }
            case Frame.RST_STREAM -> {
                if (stream == 0) {
                    incorrectIdentifier("RST_STREAM");
                } else {
                    frames.reset(stream, integer(0));
                }
            }
            case Frame.PING -> {
                if (stream != 0) {
                    incorrectIdentifier("PING");
                } else if (has(Frame.ACK)) {
                    frames.ignored();
                } else {
                    frames.ping((long) integer(0) << 32 | integer(4) & 0xffffffffL);
                }
            }
            default -> windowUpdate(integer(0) & Integer.MAX_VALUE);
        }
    }

    private void windowUpdate(int increment) {
        if (increment == 0) {
            String why = "client sent WINDOW_UPDATE frame with incorrect window increment 0";
            broken(ErrorCode.PROTOCOL_ERROR, why);
        } else {
            frames.windowUpdate(stream, increment);
        }
    }

    private void beginGoAway() {
        if (length < 8) {
            broken(ErrorCode.FRAME_SIZE_ERROR, "client sent GOAWAY frame with incorrect length " + length);
        } else if (stream != 0) {
            incorrectIdentifier("GOAWAY");
        } else {
            frames.goAway();
        }
    }

    private void beginSettings() {
        if (stream != 0) {
            incorrectIdentifier("SETTINGS");
        } else if (has(Frame.ACK)) {
            if (length != 0) {
                String why = "client sent SETTINGS frame with the ACK flag and nonzero length";
                broken(ErrorCode.FRAME_SIZE_ERROR, why);
            } else {
                frames.settingsAcknowledged();
            }
        } else if (length % 6 != 0) {
            incorrectLength("SETTINGS");
        } else {
            state = State.SETTINGS;
            frames.settings(length / 6);
            if (state != State.OVER && rest == 0) {
                frames.settingsEnd();
                next();
            }
        }
    }

    private void settings(ByteBuf in) {
        if (!collect(in, 6)) {
            return;
        }
        have = 0;
        rest -= 6;
        frames.setting((part[0] & 255) << 8 | part[1] & 255, integer(2) & 0xffffffffL);
        if (rest == 0 && state != State.OVER) {
            frames.settingsEnd();
            next();
        }
    }
}
