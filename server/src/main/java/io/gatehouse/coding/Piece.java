package io.gatehouse.coding;

import io.netty.buffer.ByteBuf;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/** Part of a body that waits to be coded: bytes, or a part of a file and the buffer that it is read into. */
final class Piece {
    private final ByteBuf bytes;
    private final @Nullable FileChannel file;
    private final long position;
    private final int count;

    private Piece(ByteBuf bytes, @Nullable FileChannel file, long position, int count) {
        this.bytes = bytes;
        this.file = file;
        this.position = position;
        this.count = count;
    }

    static Piece of(ByteBuf owned) {
        return new Piece(owned, null, 0, 0);
    }

    /** @param empty has room for {@code count} bytes; taken over */
    static Piece of(ByteBuf empty, FileChannel file, long position, int count) {
        return new Piece(empty, file, position, count);
    }

    /** What is left of it; reads the file on the first call. */
    ByteBuffer bytes() throws IOException {
        FileChannel from = file;
        if (from != null && bytes.writerIndex() == 0) {
            while (bytes.readableBytes() < count) {
                int read = bytes.writeBytes(from, position + bytes.readableBytes(), count - bytes.readableBytes());
                if (read <= 0) {
                    throw new EOFException("the file was cut short");
                }
            }
        }
        return bytes.nioBuffer();
    }

    void took(int length) {
        bytes.skipBytes(length);
    }

    /** Bytes that were not taken yet. */
    int left() {
        return file != null && bytes.writerIndex() == 0 ? count : bytes.readableBytes();
    }

    void release() {
        bytes.release();
    }
}
