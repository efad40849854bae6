package io.gatehouse.module.rewrite;

import io.gatehouse.exchange.AttachmentKey;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Handler;
import io.gatehouse.exchange.Outcome;
import org.jspecify.annotations.Nullable;

/** The rewrite directives of one server or location, in order. */
record Program(Step[] steps, boolean logs) implements Handler {
    /** Set while the URI was changed by a rewrite whose effect on the location is still to come. */
    static final AttachmentKey<Boolean> RELOCATES = AttachmentKey.of(Boolean.class);

    /** Set while {@code rewrite_log} is on. */
    static final AttachmentKey<Boolean> LOGS = AttachmentKey.of(Boolean.class);

    @Override
    public Outcome handle(Exchange exchange) {
        if (logs) {
            exchange.attachments.put(LOGS, true);
        }
        Outcome outcome = run(steps, exchange);
        if (outcome != null && outcome != Step.STOP) {
            return outcome;
        }
        if (exchange.attachments.get(RELOCATES) != null) {
            exchange.attachments.put(RELOCATES, null);
            return Outcome.RELOCATE;
        }
        return Outcome.NEXT;
    }

    /** {@code break}: a change of the URI before it has no effect on the location any more. */
    static Outcome stop(Exchange exchange) {
        if (exchange.attachments.get(RELOCATES) != null) {
            exchange.attachments.put(RELOCATES, null);
            exchange.uriLeftLocation = true;
        }
        return Step.STOP;
    }

    static @Nullable Outcome run(Step[] steps, Exchange exchange) {
        for (Step step : steps) {
            Outcome outcome = step.run(exchange);
            if (outcome != null) {
                return outcome;
            }
        }
        return null;
    }
}
