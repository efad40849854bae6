package io.gatehouse.protocol.http1;

import io.gatehouse.config.syntax.Units;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Response;
import io.gatehouse.exchange.Template;
import io.gatehouse.observe.log.Level;
import io.gatehouse.wire.Loop;
import io.gatehouse.wire.Wire;
import io.netty.buffer.ByteBuf;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Holds an answer back to so many bytes a second ({@code limit_rate}, {@code limit_rate_after}), by nginx's reckoning: what
 * the whole seconds since the request began allow may go at once, then there is a pause for it.
 */
final class RateLimit {
    /** Part of a file that waits. */
    private record FilePiece(FileChannel file, long position, long count) {}

    private final Loop loop;
    private final long rate;
    private final long after;
    private final long startSecond;
    private final ArrayDeque<Object> waiting = new ArrayDeque<>();
    private long held;
    private long sent;
    /** Not before this instant of the loop's clock, in nanoseconds. */
    private long notBefore;

    private RateLimit(Loop loop, long rate, long after) {
        this.loop = loop;
        this.rate = rate;
        this.after = after;
        this.startSecond = loop.wallMillis() / 1000;
        this.notBefore = loop.nanos();
    }

    /** The limit that holds for the exchange's answer, or null for none. */
    static @Nullable RateLimit of(Exchange x) {
        Response response = x.response;
        Template template = x.location.core.limitRate();
        if (!response.limitRateSet && template != null) {
            response.limitRate = size(x, template);
            response.limitRateSet = true;
        }
        if (response.limitRate <= 0) {
            return null;
        }
        Template after = x.location.core.limitRateAfter();
        return new RateLimit(x.loop, response.limitRate, after == null ? 0 : size(x, after));
    }

    private static long size(Exchange x, Template template) {
        String text = template.eval(x);
        if (text.isEmpty()) {
            return 0;
        }
        long size = Units.size(text);
        if (size == Units.INVALID) {
            x.log(Level.ERROR, "invalid size \"" + text + "\"");
            return 0;
        }
        return size;
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
        return held == 0 ? 0 : Math.max(0, (notBefore - loop.nanos() + 999_999) / 1_000_000);
    }

    /** Sends what may go now. */
    void send(Wire wire) {
        while (held > 0 && wire.queued() == 0 && loop.nanos() >= notBefore) {
            long allowed = rate * (loop.wallMillis() / 1000 - startSecond + 1) - (sent - after);
            if (allowed <= 0) {
                pause(-allowed * 1000 / rate + 1);
                return;
            }
            long before = sent;
            move(wire, allowed);
            wire.flush();
            pause((Math.max(0, sent - after) - Math.max(0, before - after)) * 1000 / rate);
        }
    }

    private void pause(long millis) {
        notBefore = loop.nanos() + millis * 1_000_000;
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
            sent += count;
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
