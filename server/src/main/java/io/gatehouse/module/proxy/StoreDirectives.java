package io.gatehouse.module.proxy;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.LOCATION;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Word;
import java.util.List;

/** Files that answers are stored in. */
final class StoreDirectives {
    private StoreDirectives() {}

    static final Directive<ProxyStore> STORE = directive("proxy_store")
            .in(HTTP, SERVER, LOCATION)
            .takes(use -> switch (use.text(0)) {
                case "off" -> ProxyStore.OFF;
                case "on" -> new ProxyStore(true, null, ProxyStore.USER_ONLY);
                case "" -> throw use.error("empty path");
                default -> new ProxyStore(true, use.template(use.arguments().get(0)), ProxyStore.USER_ONLY);
            })
            .byDefault(ProxyStore.OFF, "off")
            .syntax("on | off | path")
            .says("Sets whether complete answers with status 200 are also stored as files: where root or alias put"
                    + " the URI, or at the path.")
            .example("proxy_store on;");

    static final Directive<Integer> STORE_ACCESS = directive("proxy_store_access")
            .in(HTTP, SERVER, LOCATION)
            .takes(new Arity(1, 3), StoreDirectives::access)
            .byDefault(ProxyStore.USER_ONLY, "user:rw")
            .syntax("users:permissions ...")
            .says("Sets who may read and write stored files.")
            .example("proxy_store_access user:rw group:rw all:r;");

    static final List<Directive<?>> ALL = List.of(STORE, STORE_ACCESS);

    private static int access(Use use) {
        int mode = 0600;
        for (Word word : use.arguments()) {
            String text = word.text();
            int colon = text.indexOf(':');
            int shift = switch (colon < 0 ? "" : text.substring(0, colon)) {
                case "user" -> 6;
                case "group" -> 3;
                case "all" -> 0;
                default -> -1;
            };
            int rights = switch (text.substring(colon + 1)) {
                case "rw" -> 6;
                case "r" -> 4;
                default -> -1;
            };
            if (shift < 0 || rights < 0) {
                throw use.error(
                        "invalid value \"" + text + "\"",
                        word,
                        "expected user, group or all, a colon, and r or rw: group:r");
            }
            mode |= rights << shift;
        }
        return mode;
    }
}
