package io.gatehouse.exchange;

import io.netty.buffer.ByteBuf;

/** Sees the body of one answer on its way out. Belongs to one exchange; put in by {@link Exchange#filterBody}. */
public abstract class BodyFilter {
    BodyFilter next = BodyFilter.END;

    /** Takes over {@code owned} and passes on what comes of it by {@link #pass}. */
    public abstract void body(Exchange exchange, ByteBuf owned);

    /** No more body follows; passes that on by {@link #passEnd}. */
    public void end(Exchange exchange) {
        passEnd(exchange);
    }

    /** The sender wants what it has sent so far to be delivered. */
    public void flush(Exchange exchange) {
        next.flush(exchange);
    }

    /** The exchange ends without having sent all: release what is held. */
    public void discard(Exchange exchange) {}

    protected final void pass(Exchange exchange, ByteBuf owned) {
        next.body(exchange, owned);
    }

    protected final void passEnd(Exchange exchange) {
        next.end(exchange);
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
            exchange.toSink(owned);
        }

        @Override
        public void end(Exchange exchange) {
            exchange.endSink();
        }

        @Override
        public void flush(Exchange exchange) {
            exchange.sink().flush(exchange);
        }
    };
}
