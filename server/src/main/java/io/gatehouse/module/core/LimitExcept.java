package io.gatehouse.module.core;

import static io.gatehouse.config.directive.Context.LIMIT_EXCEPT;
import static io.gatehouse.config.directive.Context.LOCATION;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Inheritance;
import io.gatehouse.config.directive.Scope;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Handler;
import io.gatehouse.exchange.Location;
import io.gatehouse.exchange.Outcome;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** {@code limit_except}: another place for requests whose method is not among those named. */
final class LimitExcept {
    private static final Set<String> METHODS = Set.of(
            "GET",
            "HEAD",
            "POST",
            "PUT",
            "DELETE",
            "MKCOL",
            "COPY",
            "MOVE",
            "OPTIONS",
            "PROPFIND",
            "PROPPATCH",
            "LOCK",
            "UNLOCK",
            "PATCH");

    private LimitExcept() {}

    /** The methods that stay, and the level for the others. */
    record Block(Set<String> methods, Scope scope) {}

    static final Directive<Block> LIMIT_EXCEPT_BLOCK = directive("limit_except")
            .in(LOCATION)
            .takes(Arity.AT_LEAST_ONE, LimitExcept::read)
            .block()
            .inherits(Inheritance.NONE)
            .syntax("method ...")
            .says("Sets what holds for requests of every other method than those named; GET includes HEAD.")
            .example("limit_except GET {\n    proxy_pass http://127.0.0.1:3101;\n}");

    private static Block read(Use use) {
        Set<String> methods = new TreeSet<>();
        for (Word word : use.arguments()) {
            String method = word.text().toUpperCase(Locale.ROOT);
            if (!METHODS.contains(method)) {
                throw use.error(
                        "invalid method \"" + word.text() + "\"",
                        word,
                        "expected one of: " + String.join(", ", new TreeSet<>(METHODS)));
            }
            methods.add(method);
            if (method.equals("GET")) {
                methods.add("HEAD");
            }
        }
        return new Block(Set.copyOf(methods), use.readBlock(LIMIT_EXCEPT));
    }

    /** Goes over to the other place; nginx does so as soon as the location is found. */
    record Switch(Set<String> methods, Location other) implements Handler {
        @Override
        public Outcome handle(Exchange exchange) {
            if (!methods.contains(exchange.method)) {
                exchange.location = other;
            }
            return Outcome.NEXT;
        }
    }
}
