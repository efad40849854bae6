package io.gatehouse.module.rewrite;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Outcome;
import io.gatehouse.exchange.Template;
import io.gatehouse.exchange.Variable;
import org.jspecify.annotations.Nullable;

/** {@code set} of a built-in variable that can be changed. */
record SetStep(Variable variable, Template value) implements Step {
    @Override
    public @Nullable Outcome run(Exchange exchange) {
        variable.set(exchange, value.eval(exchange));
        return null;
    }
}
