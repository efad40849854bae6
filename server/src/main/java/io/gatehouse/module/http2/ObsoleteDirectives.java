package io.gatehouse.module.http2;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.LOCATION;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.directive.Context;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Standing;
import io.gatehouse.config.directive.Use;
import java.util.List;

/** Directives of HTTP/2 that nginx accepts with a warning and does not heed. */
final class ObsoleteDirectives {
    private ObsoleteDirectives() {}

    static final List<Directive<?>> ALL = List.of(
            replaced("http2_recv_timeout", "client_header_timeout", "30s"),
            replaced("http2_idle_timeout", "keepalive_timeout", "3m"),
            replaced("http2_max_requests", "keepalive_requests", "1000"),
            replaced("http2_max_field_size", "large_client_header_buffers", "4k"),
            replaced("http2_max_header_size", "large_client_header_buffers", "16k"),
            ignored("http2_max_concurrent_pushes", "10", HTTP, SERVER),
            ignored("http2_push", "/style.css", HTTP, SERVER, LOCATION),
            ignored("http2_push_preload", "on", HTTP, SERVER, LOCATION));

    private static Directive<Boolean> replaced(String name, String by, String example) {
        return obsolete(name, "use the \"" + by + "\" directive instead", example, HTTP, SERVER);
    }

    private static Directive<Boolean> ignored(String name, String example, Context... where) {
        return obsolete(name, "ignored", example, where);
    }

    private static Directive<Boolean> obsolete(String name, String hint, String example, Context... where) {
        return directive(name)
                .in(where)
                .takes(use -> warned(use, hint))
                .again()
                .standing(Standing.WITHOUT_EFFECT, "obsolete, also in nginx: " + hint)
                .says("Accepted with a warning so that files which have it work.")
                .example(name + " " + example + ";");
    }

    private static boolean warned(Use use, String hint) {
        use.warn("the \"" + use.directive().name() + "\" directive is obsolete, " + hint);
        return true;
    }
}
