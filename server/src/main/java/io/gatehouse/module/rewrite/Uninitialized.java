package io.gatehouse.module.rewrite;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.SettingsKey;
import io.gatehouse.exchange.Variable;
import io.gatehouse.observe.log.Level;

/**
 * What a variable of {@code set} is in an exchange that has not come by there: empty, which is told, since it is mostly a
 * mistake ({@code uninitialized_variable_warn}).
 *
 * @param name in lower case, as nginx writes it
 */
record Uninitialized(String name) implements Variable {
    /** There, and true, where nothing is to be told. */
    static final SettingsKey<Boolean> QUIET = SettingsKey.of(Boolean.class);

    @Override
    public String get(Exchange exchange) {
        if (exchange.location.settings(QUIET) == null) {
            exchange.log(Level.WARN, "using uninitialized \"" + name + "\" variable");
        }
        return "";
    }
}
