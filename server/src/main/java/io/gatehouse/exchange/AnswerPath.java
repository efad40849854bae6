package io.gatehouse.exchange;

import io.netty.buffer.ByteBuf;
import java.nio.channels.FileChannel;

/** The way of one answer out: through the filters of heads, then those that were put before its body, to the protocol. */
final class AnswerPath {
    private final Exchange exchange;
    final ResponseSink sink;
    private BodyFilter first = BodyFilter.END;
    private boolean headSent;
    private boolean ended;

    AnswerPath(Exchange exchange, ResponseSink sink) {
        this.exchange = exchange;
        this.sink = sink;
    }

    boolean isHeadSent() {
        return headSent;
    }

    boolean isEnded() {
        return ended;
    }

    // ---------------------------------------------------------------- the head

    /** As {@link Exchange#sendHead}. */
    boolean sendHead() {
        if (headSent) {
            return true;
        }
        Exchange x = exchange;
        Response response = x.response;
        if (x.errorStatus != 0) {
            response.status = x.errorStatus;
            response.reason = null;
        }
        response.headerOnly =
                x.headOnly || x.isHead() || response.status == 204 || response.status == 304 || response.status < 200;
        for (HeaderFilter filter : x.location.headerFilters) {
            if (!filter.filter(x)) {
                return false;
            }
        }
        headSent = true;
        if (DebugLines.wanted(x)) {
            DebugLines.answer(x);
        }
        x.timeline.mark(Timeline.Instant.RESPONSE_HEAD, x.loop.nanos());
        sink.head(x);
        return true;
    }

    /** As {@link Exchange#filterBody}. */
    void add(BodyFilter filter) {
        if (first.isLast()) {
            first = filter;
            return;
        }
        BodyFilter last = first;
        while (!last.next.isLast()) {
            last = last.next;
        }
        last.next = filter;
    }

    boolean takesFiles() {
        return first.letsFilesThrough();
    }

    // ---------------------------------------------------------------- the body

    private boolean takesNone() {
        return exchange.isDone() || ended || exchange.response.headerOnly;
    }

    void send(ByteBuf owned) {
        if (takesNone()) {
            owned.release();
        } else {
            first.body(exchange, owned);
        }
    }

    void send(FileChannel file, long position, long count) {
        if (!takesNone()) {
            first.file(exchange, file, position, count);
        }
    }

    void flush() {
        if (!exchange.isDone() && !ended) {
            first.flush(exchange);
        }
    }

    void end() {
        if (exchange.isDone() || ended) {
            return;
        }
        if (!headSent && !sendHead()) {
            return;
        }
        if (exchange.response.headerOnly) {
            endSink();
        } else {
            first.end(exchange);
        }
    }

    long queued() {
        return first.allHeld() + sink.queued(exchange);
    }

    /** Lets the filters go on with what they hold. Returns whether none of them holds anything any more. */
    boolean settle() {
        return first.settle(exchange);
    }

    /** The exchange is over: the filters release what they hold. */
    void discard() {
        for (BodyFilter f = first; !f.isLast(); f = f.next) {
            f.discard(exchange);
        }
    }

    // ---------------------------------------------------------------- behind the last filter

    void toSink(ByteBuf owned) {
        exchange.bodyBytesSent += owned.readableBytes();
        sink.body(exchange, owned);
    }

    void toSink(FileChannel file, long position, long count) {
        exchange.bodyBytesSent += count;
        sink.body(exchange, file, position, count);
    }

    void endSink() {
        if (!ended) {
            ended = true;
            sink.end(exchange, exchange.response.trailers);
        }
    }
}
