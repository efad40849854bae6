package io.gatehouse.module.proxy;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.LOCATION;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.directive.Arguments;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Standing;
import java.util.List;

/** Directives that size what sizes itself here. */
final class IgnoredDirectives {
    private IgnoredDirectives() {}

    static final Directive<Integer> HEADERS_HASH_MAX_SIZE = ignored("proxy_headers_hash_max_size", "512");
    static final Directive<Integer> HEADERS_HASH_BUCKET_SIZE = ignored("proxy_headers_hash_bucket_size", "64");

    static final List<Directive<?>> ALL = List.of(HEADERS_HASH_MAX_SIZE, HEADERS_HASH_BUCKET_SIZE);

    private static Directive<Integer> ignored(String name, String example) {
        return directive(name)
                .in(HTTP, SERVER, LOCATION)
                .takes(Arguments.NUMBER)
                .syntax("size")
                .standing(Standing.WITHOUT_EFFECT, "tables are sized by themselves")
                .says("Accepted so that files which have it work.")
                .example(name + " " + example + ";");
    }
}
