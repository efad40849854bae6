package io.gatehouse.exchange;

import io.netty.buffer.ByteBuf;
import java.nio.channels.FileChannel;

/** Sees the body of one answer on its way out. Belongs to one exchange; put in by {@link Exchange#filterBody}. */
public abstract class BodyFilter {
    BodyFilter next = BodyFilter.END;

    /** Takes over {@code owned} and passes on what comes of it by {@link #pass}. */
    public abstract void body(Exchange exchange, ByteBuf owned);

    /** Whether this filter and every one behind it lets files through. */
    boolean letsFilesThrough() {
        return takesFiles() && next.letsFilesThrough();
    }

    /** Whether {@link #file} understands files, so that the kernel can send them; else they are read and come as buffers. */
    public boolean takesFiles() {
        return false;
    }

    /** As {@link #body}, from a file that its owner keeps open until the exchange is over; passed on by {@link #passFile}. */
    public void file(Exchange exchange, FileChannel file, long position, long count) {
        passFile(exchange, file, position, count);
    }

    /** No more body follows; passes that on by {@link #passEnd}. */
    public void end(Exchange exchange) {
        passEnd(exchange);
    }

    /** The sender wants what it has sent so far to be delivered. */
    public void flush(Exchange exchange) {
        next.flush(exchange);
    }

    /**
     * Bytes that this filter has taken over and not passed on, because it works on them elsewhere or those behind it are slower;
     * the sender sees them in {@link Exchange#queued}.
     */
    public long held() {
        return 0;
    }

    /** What was passed on was taken by those behind: goes on with what is held. */
    public void goOn(Exchange exchange) {}

    /** The exchange is over, perhaps without having sent all: release what is held. */
    public void discard(Exchange exchange) {}

    protected final void pass(Exchange exchange, ByteBuf owned) {
        next.body(exchange, owned);
    }

    protected final void passFile(Exchange exchange, FileChannel file, long position, long count) {
        next.file(exchange, file, position, count);
    }

    protected final void passEnd(Exchange exchange) {
        next.end(exchange);
    }

    /** Bytes that wait behind this filter: in other filters, and for the kernel. */
    protected final long queuedBehind(Exchange exchange) {
        return next.allHeld() + exchange.sink().queued(exchange);
    }

    /** Bytes held by this filter and those behind it. */
    final long allHeld() {
        long sum = 0;
        for (BodyFilter f = this; !f.isLast(); f = f.next) {
            sum += f.held();
        }
        return sum;
    }

    /** Lets every filter go on, the last one first. Returns whether none of them holds anything any more. */
    final boolean settle(Exchange exchange) {
        if (isLast()) {
            return true;
        }
        if (!next.settle(exchange)) {
            return false;
        }
        if (held() == 0) {
            return true;
        }
        goOn(exchange);
        return !exchange.isDone() && held() == 0 && queuedBehind(exchange) == 0;
    }

    /** Whether this is what stands behind every filter. */
    boolean isLast() {
        return false;
    }

    /** The last one: hands over to the protocol. */
    static final BodyFilter END = new BodyFilter() {
        @Override
        boolean isLast() {
            return true;
        }

        @Override
        public void body(Exchange exchange, ByteBuf owned) {
            exchange.answer.toSink(owned);
        }

        @Override
        boolean letsFilesThrough() {
            return true;
        }

        @Override
        public void file(Exchange exchange, FileChannel file, long position, long count) {
            exchange.answer.toSink(file, position, count);
        }

        @Override
        public void end(Exchange exchange) {
            exchange.answer.endSink();
        }

        @Override
        public void flush(Exchange exchange) {
            exchange.sink().flush(exchange);
        }
    };
}
