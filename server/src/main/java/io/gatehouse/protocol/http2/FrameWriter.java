package io.gatehouse.protocol.http2;

import io.gatehouse.wire.Loop;
import io.gatehouse.wire.Wire;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Writes frames to a client. Heads and small payloads of many streams are gathered in one buffer, larger payloads are queued
 * beside it as they are; nothing is sent before {@link #flush}.
 */
final class FrameWriter {
    private static final int SEGMENT = 8 * 1024;
    /** A payload that is copied rather than sent beside. */
    private static final int SMALL = 1024;

    private final Wire wire;
    private final Loop loop;
    private @Nullable ByteBuf segment;
    /** Bytes handed over so far, gathered ones included. */
    private long position;

    FrameWriter(Wire wire) {
        this.wire = wire;
        this.loop = wire.loop();
    }

    /** Where the next frame will begin, in all bytes ever written here. */
    long position() {
        return position;
    }

    /** Bytes that the kernel has not taken. */
    long unsent() {
        ByteBuf gathered = segment;
        return wire.queued() + (gathered == null ? 0 : gathered.readableBytes());
    }

    /** Up to where the kernel has taken everything, measured as {@link #position}. */
    long sentPosition() {
        return position - unsent();
    }

    void flush() {
        ByteBuf gathered = segment;
        segment = null;
        if (gathered != null) {
            wire.write(gathered);
        }
        wire.flush();
    }

    /** Drops what was gathered and not flushed. */
    void release() {
        ByteBuf gathered = segment;
        segment = null;
        if (gathered != null) {
            gathered.release();
        }
    }

    private ByteBuf room(int bytes) {
        ByteBuf gathered = segment;
        if (gathered != null && gathered.writableBytes() < bytes) {
            wire.write(gathered);
            gathered = null;
        }
        if (gathered == null) {
            gathered = loop.buffer(Math.max(bytes, SEGMENT));
            segment = gathered;
        }
        position += bytes;
        return gathered;
    }

    private ByteBuf begin(int length, int type, int flags, int stream) {
        return begin(length, length, type, flags, stream);
    }

    /** Writes the head of a frame and makes room for so many bytes of its payload. */
    private ByteBuf begin(int length, int room, int type, int flags, int stream) {
        return room(Frame.HEAD + room)
                .writeMedium(length)
                .writeByte(type)
                .writeByte(flags)
                .writeInt(stream);
    }

    /** A header block in a HEADERS frame and as many CONTINUATION frames as it takes; returns the bytes written. */
    int headers(int stream, ByteBuf block, boolean endStream, int maxFrame) {
        int type = Frame.HEADERS;
        int flags = endStream ? Frame.END_STREAM : 0;
        int total = 0;
        do {
            int length = Math.min(block.readableBytes(), maxFrame);
            if (length == block.readableBytes()) {
                flags |= Frame.END_HEADERS;
            }
            begin(length, type, flags, stream).writeBytes(block, length);
            total += Frame.HEAD + length;
            type = Frame.CONTINUATION;
            flags = 0;
        } while (block.isReadable());
        return total;
    }

    /** The head of a DATA frame; its payload follows by {@link #payload}, {@code length} bytes in all. */
    void data(int stream, int length, boolean endStream) {
        begin(length, 0, Frame.DATA, endStream ? Frame.END_STREAM : 0, stream);
    }

    /** Takes {@code count} bytes off the buffer, which stays its owner's. */
    void payload(ByteBuf from, int count) {
        if (count <= SMALL) {
            room(count).writeBytes(from, count);
            return;
        }
        ByteBuf gathered = segment;
        if (gathered != null && gathered.isReadable()) {
            wire.write(gathered.readRetainedSlice(gathered.readableBytes()));
        }
        wire.write(from.readRetainedSlice(count));
        position += count;
    }

    void settings(int maxStreams, int window, boolean connect) {
        begin(connect ? 24 : 18, Frame.SETTINGS, 0, 0)
                .writeShort(Frame.MAX_CONCURRENT_STREAMS)
                .writeInt(maxStreams)
                .writeShort(Frame.INITIAL_WINDOW_SIZE)
                .writeInt(window)
                .writeShort(Frame.MAX_FRAME_SIZE)
                .writeInt(Frame.MAX_SIZE);
        ByteBuf gathered = segment;
        if (connect && gathered != null) {
            gathered.writeShort(Frame.ENABLE_CONNECT_PROTOCOL).writeInt(1);
        }
    }

    void settingsAcknowledged() {
        begin(0, Frame.SETTINGS, Frame.ACK, 0);
    }

    void pingAnswer(long payload) {
        begin(8, Frame.PING, Frame.ACK, 0).writeLong(payload);
    }

    void goAway(int lastStream, int code) {
        begin(8, Frame.GOAWAY, 0, 0).writeInt(lastStream).writeInt(code);
    }

    void reset(int stream, int code) {
        begin(4, Frame.RST_STREAM, 0, stream).writeInt(code);
    }

    void windowUpdate(int stream, int increment) {
        begin(4, Frame.WINDOW_UPDATE, 0, stream).writeInt(increment);
    }
}
