package io.gatehouse.module.range;

import io.gatehouse.exchange.BodyFilter;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.observe.log.Level;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.channels.FileChannel;

/**
 * Lets through what lies within the ranges. A body that comes in several pieces is cut as it passes, which takes ranges
 * that follow one another; one that comes whole, as a file does, may be cut in any order.
 */
final class RangeBody extends BodyFilter {
    private final ByteRanges ranges;
    private final long total;
    private final byte[][] heads;
    private final byte[] tail;
    private long offset;
    private int current;
    private boolean begun;
    private boolean broken;

    /** @param heads what stands before each part; empty for a single part */
    RangeBody(ByteRanges ranges, long total, byte[][] heads, byte[] tail) {
        this.ranges = ranges;
        this.total = total;
        this.heads = heads;
        this.tail = tail;
    }

    @Override
    public boolean takesFiles() {
        return true;
    }

    @Override
    public void body(Exchange x, ByteBuf owned) {
        int first = owned.readerIndex();
        long start = offset;
        if (!admit(x, owned.readableBytes())) {
            owned.release();
            return;
        }
        while (true) {
            long from = from(start);
            long to = to(start);
            if (from >= to) {
                break;
            }
            head(x);
            pass(x, owned.retainedSlice(first + (int) (from - start), (int) (to - from)));
            if (!advance(to)) {
                break;
            }
        }
        owned.release();
    }

    @Override
    public void file(Exchange x, FileChannel file, long position, long count) {
        long start = offset;
        if (!admit(x, count)) {
            return;
        }
        while (true) {
            long from = from(start);
            long to = to(start);
            if (from >= to) {
                break;
            }
            head(x);
            passFile(x, file, position + from - start, to - from);
            if (!advance(to)) {
                break;
            }
        }
    }

    /** Counts a piece of the body; false if it cannot be cut. */
    private boolean admit(Exchange x, long count) {
        if (broken) {
            return false;
        }
        boolean whole = offset == 0 && count >= total;
        if (!whole && !inOrder()) {
            broken = true;
            x.log(Level.ALERT, "range in overlapped buffers");
            x.abort();
            return false;
        }
        offset += count;
        return true;
    }

    private boolean inOrder() {
        for (int i = 1; i < ranges.count(); i++) {
            if (ranges.start(i) < ranges.end(i - 1)) {
                return false;
            }
        }
        return true;
    }

    /** Where the current range begins in a piece that begins at {@code start} and ends at {@link #offset}. */
    private long from(long start) {
        return current < ranges.count() ? Math.max(start, ranges.start(current)) : Long.MAX_VALUE;
    }

    private long to(long start) {
        return current < ranges.count() ? Math.min(offset, ranges.end(current)) : start;
    }

    private void head(Exchange x) {
        if (!begun && current < heads.length) {
            pass(x, Unpooled.wrappedBuffer(heads[current]));
        }
        begun = true;
    }

    /** Goes over to the next range if this one is complete. */
    private boolean advance(long sent) {
        if (sent < ranges.end(current)) {
            return false;
        }
        current++;
        begun = false;
        return true;
    }

    @Override
    public void end(Exchange x) {
        if (broken) {
            return;
        }
        if (tail.length > 0) {
            pass(x, Unpooled.wrappedBuffer(tail));
        }
        passEnd(x);
    }
}
