package io.gatehouse.protocol.http1;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.protocol.Pace;
import io.gatehouse.wire.Wire;
import io.netty.buffer.ByteBuf;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** What of an answer waits because its {@link Pace} does not let it go yet. */
final class RateLimit {
    /** Part of a file that waits. */
    private record FilePiece(FileChannel file, long position, long count) {}

    private final Pace pace;
    private final ArrayDeque<Object> waiting = new ArrayDeque<>();
    private long held;

    private RateLimit(Pace pace) {
        this.pace = pace;
    }

    /** The limit that holds for the exchange's answer, or null for none. */
    static @Nullable RateLimit of(Exchange x) {
        Pace pace = Pace.of(x);
        return pace == null ? null : new RateLimit(pace);
    }

    void add(ByteBuf owned) {
        held += owned.readableBytes();
        waiting.add(owned);
    }

    void add(FileChannel file, long position, long count) {
        held += count;
        waiting.add(new FilePiece(file, position, count));
    }

    /** Bytes that wait here. */
    long held() {
        return held;
    }

    /** Milliseconds to wait before {@link #send} does anything; 0 for none. */
    long delay() {
        return held == 0 ? 0 : pace.delay();
    }

    /** Sends what may go now. */
    void send(Wire wire) {
        while (held > 0 && wire.queued() == 0) {
            long allowed = pace.allowed();
            if (allowed <= 0) {
                return;
            }
            long before = held;
            move(wire, allowed);
            wire.flush();
            pace.sent(before - held);
        }
    }

    private void move(Wire wire, long most) {
        long left = most;
        while (left > 0 && !waiting.isEmpty()) {
            Object first = waiting.remove();
            long count;
            switch (first) {
                case ByteBuf buffer -> {
                    count = Math.min(left, buffer.readableBytes());
                    if (count < buffer.readableBytes()) {
                        wire.write(buffer.readRetainedSlice((int) count));
                        waiting.addFirst(buffer);
                    } else {
                        wire.write(buffer);
                    }
                }
                case FilePiece piece -> {
                    count = Math.min(left, piece.count());
                    wire.write(piece.file(), piece.position(), count);
                    if (count < piece.count()) {
                        waiting.addFirst(new FilePiece(piece.file(), piece.position() + count, piece.count() - count));
                    }
                }
                default -> throw new IllegalStateException();
            }
            left -= count;
            held -= count;
        }
    }

    void release() {
        for (Object piece : waiting) {
            if (piece instanceof ByteBuf buffer) {
                buffer.release();
            }
        }
        waiting.clear();
        held = 0;
    }
}
