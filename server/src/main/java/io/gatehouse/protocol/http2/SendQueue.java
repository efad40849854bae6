package io.gatehouse.protocol.http2;

import io.netty.buffer.ByteBuf;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** What of an answer's body waits to be sent in DATA frames: buffers, and parts of files that are read when their turn comes. */
final class SendQueue {
    /** Of a file that is read at once. */
    private static final int FILE_PART = 64 * 1024;

    /** A buffer of that size is not kept for a part of it that is so many times smaller. */
    private static final int LARGE = 128 * 1024;

    private static final int WASTE = 4;

    private record FilePiece(FileChannel file, long position, long count) {}

    private final Http2Stream owner;
    private @Nullable Object first;
    private @Nullable ArrayDeque<Object> more;
    private long length;

    SendQueue(Http2Stream owner) {
        this.owner = owner;
    }

    /** Bytes that wait. */
    long length() {
        return length;
    }

    void add(ByteBuf owned) {
        length += owned.readableBytes();
        put(owned);
    }

    void add(FileChannel file, long position, long count) {
        length += count;
        put(new FilePiece(file, position, count));
    }

    private void put(Object piece) {
        if (first == null) {
            first = piece;
            return;
        }
        ArrayDeque<Object> rest = more;
        if (rest == null) {
            rest = new ArrayDeque<>(4);
            more = rest;
        }
        rest.add(piece);
    }

    /** How many bytes can be taken at once, at most {@code most}; reads a file if it is its turn. */
    int available(int most) throws IOException {
        if (first instanceof FilePiece piece) {
            load(piece, most);
        }
        int sum = 0;
        if (first instanceof ByteBuf buffer) {
            sum = buffer.readableBytes();
            if (sum < most && more != null) {
                for (Object next : more) {
                    if (!(next instanceof ByteBuf behind) || sum >= most) {
                        break;
                    }
                    sum += behind.readableBytes();
                }
            }
        }
        return Math.min(sum, most);
    }

    private void load(FilePiece piece, int most) throws IOException {
        int size = (int) Math.min(piece.count, Math.max(most, FILE_PART));
        ByteBuf buffer = owner.buffer(size);
        boolean whole = false;
        try {
            while (buffer.readableBytes() < size) {
                int have = buffer.readableBytes();
                if (buffer.writeBytes(piece.file, piece.position + have, size - have) <= 0) {
                    throw new EOFException("the file was cut short while it was sent");
                }
            }
            whole = true;
        } finally {
            if (!whole) {
                buffer.release();
            }
        }
        first = buffer;
        if (size < piece.count) {
            ArrayDeque<Object> rest = more;
            if (rest == null) {
                rest = new ArrayDeque<>(4);
                more = rest;
            }
            rest.addFirst(new FilePiece(piece.file, piece.position + size, piece.count - size));
        }
    }

    /** Writes the next {@code count} bytes, which are {@link #available}. */
    void write(FrameWriter writer, int count) {
        length -= count;
        int left = count;
        while (left > 0 && first instanceof ByteBuf buffer) {
            int part = Math.min(left, buffer.readableBytes());
            writer.payload(buffer, part);
            left -= part;
            if (!buffer.isReadable()) {
                buffer.release();
                first = more == null ? null : more.poll();
            }
        }
    }

    /** It will have to wait: small slices of large buffers, as a loop reads into, are copied, so that they do not hold those. */
    void settle() {
        if (first instanceof ByteBuf buffer) {
            first = settled(buffer);
        }
        ArrayDeque<Object> rest = more;
        if (rest != null) {
            for (int i = rest.size(); i > 0; i--) {
                Object piece = rest.remove();
                rest.add(piece instanceof ByteBuf buffer ? settled(buffer) : piece);
            }
        }
    }

    private ByteBuf settled(ByteBuf slice) {
        int size = slice.readableBytes();
        int held = 0;
        for (ByteBuf under = slice.unwrap(); under != null; under = under.unwrap()) {
            held = under.capacity();
        }
        if (held < LARGE || size > held / WASTE) {
            return slice;
        }
        ByteBuf own = owner.buffer(size).writeBytes(slice);
        slice.release();
        return own;
    }

    void release() {
        while (first != null) {
            if (first instanceof ByteBuf buffer) {
                buffer.release();
            }
            first = more == null ? null : more.poll();
        }
        length = 0;
    }
}
