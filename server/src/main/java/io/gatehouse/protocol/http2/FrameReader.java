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
    /** Bytes of the preface that came so far. */
    private int prefaced;

    private final FrameHead head = new FrameHead();
    private final FramePart part = new FramePart();
    private final SmallFrames small;
    /** Bytes of the payload that are not read, without padding. */
    private int rest;

    private int padding;
    /** The stream whose header block goes on; 0 if none does. */
    private int blockStream;

    FrameReader(FrameListener frames) {
        this.frames = frames;
        this.small = new SmallFrames(frames);
    }

    /** Whether a frame has begun and not ended. */
    boolean isWithinFrame() {
        return blockStream != 0 || !part.isEmpty() || state != State.HEAD && state != State.OVER;
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
        while (in.isReadable() && prefaced < PREFACE.length) {
            if (in.readByte() != PREFACE[prefaced++]) {
                broken(ErrorCode.PROTOCOL_ERROR, "invalid connection preface");
                return;
            }
        }
        if (prefaced == PREFACE.length) {
            next();
        }
    }

    private void next() {
        part.clear();
        if (state != State.OVER) {
            state = State.HEAD;
        }
    }

    private void broken(int code, String why) {
        state = State.OVER;
        frames.broken(code, why);
    }

    private void head(ByteBuf in) {
        if (part.isEmpty() && in.readableBytes() >= Frame.HEAD) {
            head.read(in);
        } else {
            if (!part.collect(in, Frame.HEAD)) {
                return;
            }
            head.read(part);
            part.clear();
        }
        rest = head.length;
        padding = 0;
        begin();
        if (rest == 0 && padding == 0 && state == State.SKIPPED) {
            next();
        }
    }

    private void begin() {
        state = State.SKIPPED;
        if (blockStream != 0) {
            continued();
            return;
        }
        if (head.type == Frame.DATA) {
            beginData();
            return;
        }
        if (head.type == Frame.HEADERS) {
            beginHeaders();
            return;
        }
        String offence = FrameRules.offence(head);
        if (offence != null) {
            broken(FrameRules.code(head), offence);
            return;
        }
        switch (head.type) {
            case Frame.PRIORITY, Frame.RST_STREAM, Frame.PING, Frame.WINDOW_UPDATE -> state = State.WHOLE;
            case Frame.SETTINGS -> beginSettings();
            case Frame.GOAWAY -> frames.goAway();
            default -> {
                frames.tell("client sent frame with unknown type " + head.type);
                frames.ignored();
            }
        }
    }

    private void incorrectIdentifier(String name) {
        broken(ErrorCode.PROTOCOL_ERROR, FrameRules.incorrectIdentifier(name));
    }

    // ---------------------------------------------------------------- DATA

    private void beginData() {
        if (head.has(Frame.PADDED)) {
            if (head.length == 0) {
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
        if (head.stream == 0) {
            incorrectIdentifier("DATA");
            return;
        }
        state = State.DATA;
        frames.data(head.stream, head.length, rest, head.has(Frame.END_STREAM));
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
        boolean headers = head.type == Frame.HEADERS;
        int room = headers ? rest - (head.has(Frame.PRIORITY_FLAG) ? 5 : 0) : rest;
        if (padding > room) {
            String name = headers ? "HEADERS" : "DATA";
            broken(
                    ErrorCode.PROTOCOL_ERROR,
                    "client sent padded " + name + " frame with incorrect length: " + (headers ? room : head.length)
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
        int before = (head.has(Frame.PADDED) ? 1 : 0) + (head.has(Frame.PRIORITY_FLAG) ? 5 : 0);
        if (head.length < before) {
            broken(ErrorCode.FRAME_SIZE_ERROR, FrameRules.incorrectLength("HEADERS", head.length));
        } else if (head.length == before) {
            broken(ErrorCode.FRAME_SIZE_ERROR, "client sent HEADERS frame with empty header block");
        } else if (head.has(Frame.PADDED)) {
            state = State.PAD_LENGTH;
        } else {
            afterPadLength();
        }
    }

    private void afterPadLength() {
        if (head.has(Frame.PRIORITY_FLAG)) {
            state = State.DEPENDENCY;
        } else {
            headersBegin();
        }
    }

    private void dependency(ByteBuf in) {
        if (part.collect(in, 5)) {
            part.clear();
            rest -= 5;
            String offence = FrameRules.dependency(head, part, "HEADERS");
            if (offence != null) {
                broken(ErrorCode.PROTOCOL_ERROR, offence);
                return;
            }
            headersBegin();
        }
    }

    private void headersBegin() {
        state = State.BLOCK;
        blockStream = head.stream;
        frames.headers(head.stream, head.has(Frame.END_STREAM));
        if (rest == 0) {
            blockEnds();
        }
    }

    private void continued() {
        if (head.type != Frame.CONTINUATION) {
            String why = "client sent inappropriate frame while CONTINUATION was expected";
            broken(ErrorCode.PROTOCOL_ERROR, why);
        } else if (head.stream != blockStream) {
            broken(ErrorCode.PROTOCOL_ERROR, "client sent CONTINUATION frame with incorrect identifier");
        } else {
            state = State.BLOCK;
            frames.continuation(head.length);
            if (state != State.OVER && rest == 0) {
                blockEnds();
            }
        }
    }

    private void block(ByteBuf in) {
        int count = Math.min(rest, in.readableBytes());
        rest -= count;
        frames.block(in, count, rest, head.has(Frame.END_HEADERS));
        if (rest == 0) {
            blockEnded();
        }
    }

    /** A frame without a byte of the block. */
    private void blockEnds() {
        if (state != State.OVER && head.has(Frame.END_HEADERS)) {
            frames.block(Unpooled.EMPTY_BUFFER, 0, 0, true);
        }
        blockEnded();
    }

    private void blockEnded() {
        if (head.has(Frame.END_HEADERS)) {
            blockStream = 0;
        }
        skipPadding();
    }

    // ---------------------------------------------------------------- the small ones

    private void whole(ByteBuf in) {
        if (part.collect(in, head.length)) {
            rest = 0;
            next();
            String offence = small.read(head, part);
            if (offence != null) {
                broken(ErrorCode.PROTOCOL_ERROR, offence);
            }
        }
    }

    private void beginSettings() {
        if (head.has(Frame.ACK)) {
            frames.settingsAcknowledged();
            return;
        }
        state = State.SETTINGS;
        frames.settings(head.length / 6);
        if (state != State.OVER && rest == 0) {
            frames.settingsEnd();
            next();
        }
    }

    private void settings(ByteBuf in) {
        if (!part.collect(in, 6)) {
            return;
        }
        part.clear();
        rest -= 6;
        frames.setting(part.octet(0) << 8 | part.octet(1), part.integer(2) & 0xffffffffL);
        if (rest == 0 && state != State.OVER) {
            frames.settingsEnd();
            next();
        }
    }
}
