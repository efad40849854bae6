package io.gatehouse.module.accesslog;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Handler;
import io.gatehouse.exchange.Outcome;
import io.gatehouse.text.Octets;
import io.netty.util.concurrent.FastThreadLocal;

/** Writes the lines of one place at the end of an exchange. */
final class AccessLogHandler implements Handler {
    /** One buffer a loop: a line is built and copied within one call. */
    private static final FastThreadLocal<Octets> LINE = new FastThreadLocal<>() {
        @Override
        protected Octets initialValue() {
            return new Octets(512);
        }
    };

    private final LineWriter[] writers;

    AccessLogHandler(LineWriter[] writers) {
        this.writers = writers;
    }

    @Override
    public Outcome handle(Exchange exchange) {
        Octets line = LINE.get();
        for (LineWriter writer : writers) {
            writer.write(exchange, line);
        }
        return Outcome.NEXT;
    }
}
