package io.gatehouse.module.geo;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.build.Module;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Inheritance;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.Variable;
import java.util.List;

/** {@code geo}. */
public final class GeoModule implements Module {
    private static final Directive<List<Boolean>> GEO = directive("geo")
            .in(HTTP)
            .takesEach(new Arity(1, 2), GeoModule::read)
            .block()
            .inherits(Inheritance.NONE)
            .syntax("[$address] $variable")
            .says("Makes a variable whose value is chosen by the client's address, or by the address in another"
                    + " variable: by the smallest network of the block that holds it, or by ranges of addresses."
                    + " nginx may put a large list of ranges into a binary file (.bin) beside the included one, to"
                    + " start faster; that one is left alone, and the list itself is read.")
            .example("geo $office {\n    default      0;\n    192.0.2.0/24 1;\n    2001:db8::/32 1;\n}");

    @Override
    public String name() {
        return "geo";
    }

    @Override
    public List<Directive<?>> directives() {
        return List.of(GEO);
    }

    private static Boolean read(Use use) {
        for (Word word : use.arguments()) {
            if (!word.text().startsWith("$") || word.text().length() == 1) {
                throw use.error(
                        "invalid variable name \"" + word.text() + "\"", word, "the name of a variable begins with $");
            }
        }
        Word name = use.arguments().getLast();
        Word address = use.arguments().getFirst();
        Variable source = use.count() == 2 ? use.variable(address.text().substring(1), address) : null;
        use.define(name.text().substring(1), new GeoVariable(new GeoTable(use), source, use.newSlot()), name);
        return true;
    }
}
