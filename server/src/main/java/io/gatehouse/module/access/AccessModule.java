package io.gatehouse.module.access;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.LIMIT_EXCEPT;
import static io.gatehouse.config.directive.Context.LOCATION;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.address.Network;
import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.build.Module;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Scope;
import io.gatehouse.config.directive.Scope.ListKey;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.module.access.AccessRules.Rule;
import java.util.List;

/** {@code allow} and {@code deny}. */
public final class AccessModule implements Module {
    /** Both in the order of the file. */
    private static final ListKey<Rule> RULES = new ListKey<>();

    private static final Directive<List<Boolean>> ALLOW = directive("allow")
            .in(HTTP, SERVER, LOCATION, LIMIT_EXCEPT)
            .takesEach(Arity.ONE, use -> read(use, false))
            .syntax("address | CIDR | unix: | all")
            .says("Lets clients of an address or a network in. The rules of a level are asked in their order until one"
                    + " matches; a level that has any does not see those around it.")
            .example("allow 192.0.2.0/24;");

    private static final Directive<List<Boolean>> DENY = directive("deny")
            .in(HTTP, SERVER, LOCATION, LIMIT_EXCEPT)
            .takesEach(Arity.ONE, use -> read(use, true))
            .syntax("address | CIDR | unix: | all")
            .says("Answers clients of an address or a network 403; see allow.")
            .example("deny all;");

    @Override
    public String name() {
        return "access";
    }

    @Override
    public List<Directive<?>> directives() {
        return List.of(ALLOW, DENY);
    }

    @Override
    public void build(LocationBuild place) {
        for (Scope s = place.scope(); s != null; s = s.parent()) {
            List<Rule> rules = s.list(RULES);
            if (!rules.isEmpty()) {
                place.access(AccessRules.of(rules));
                return;
            }
        }
    }

    private static Boolean read(Use use, boolean denies) {
        Word word = use.arguments().get(0);
        use.scope().list(RULES).add(new Rule(network(use, word), denies));
        return true;
    }

    private static Network network(Use use, Word word) {
        String text = word.text();
        if (text.equals("all")) {
            return Rule.ALL;
        }
        if (text.equals("unix:")) {
            return Network.UNIX;
        }
        Network network = Network.parse(text);
        if (network == null) {
            throw use.error(
                    "invalid parameter \"" + text + "\"",
                    word,
                    "expected an address, a network such as 192.0.2.0/24, unix: or all");
        }
        if (!Network.isExact(text)) {
            use.warn("low address bits of " + text + " are meaningless");
        }
        return network;
    }
}
