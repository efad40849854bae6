package io.gatehouse.module.rewrite;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Outcome;
import org.jspecify.annotations.Nullable;

/** One directive of the rewrite module, ready to run. */
@FunctionalInterface
interface Step {
    /** The rest of the program is left out and the phase goes on. */
    Outcome STOP = Outcome.NEXT;

    /** Null to go on with the next step, {@link #STOP}, or an outcome that ends the phase. */
    @Nullable
    Outcome run(Exchange exchange);
}
