package io.gatehouse.module.rewrite;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Location;
import io.gatehouse.exchange.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * {@code if}.
 *
 * @param location what holds from now on, where the condition holds; null in a server
 */
record IfStep(Condition condition, @Nullable Location location, Step[] steps) implements Step {
    @Override
    public @Nullable Outcome run(Exchange exchange) {
        switch (condition.test(exchange)) {
            case YES -> {}
            case NO -> {
                return null;
            }
            case FORBIDDEN -> {
                return Outcome.status(403);
            }
        }
        if (location != null) {
            exchange.contentIsLost =
                    !location.hasOwnContent && (exchange.contentIsLost || exchange.location.hasOwnContent);
            exchange.location = location;
        }
        return Program.run(steps, exchange);
    }
}
