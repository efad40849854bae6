package io.gatehouse.module.upstream;

import static io.gatehouse.config.directive.Context.UPSTREAM;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Inheritance;
import io.gatehouse.config.directive.Scope.ListKey;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.Template;
import io.gatehouse.upstream.Balancer;
import io.gatehouse.upstream.ConsistentHash;
import io.gatehouse.upstream.Hash;
import io.gatehouse.upstream.IpHash;
import io.gatehouse.upstream.LeastConn;
import io.gatehouse.upstream.LeastTime;
import io.gatehouse.upstream.RandomChoice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a group chooses among its peers. */
final class BalancerDirectives {
    private BalancerDirectives() {}

    /**
     * A way of choosing.
     *
     * @param key what is hashed, or null
     * @param byClient whether the client's address decides
     */
    record Choice(Balancer balancer, @Nullable Template key, boolean byClient) {}

    /** Every choice of a block, in the order of the file; the last one counts. */
    static final ListKey<Choice> CHOICES = new ListKey<>();

    static final Directive<Choice> LEAST_CONN = directive("least_conn")
            .in(UPSTREAM)
            .takes(Arity.NONE, use -> choose(use, new Choice(LeastConn.INSTANCE, null, false)))
            .again()
            .inherits(Inheritance.NONE)
            .syntax("")
            .says("Gives a request to the peer that has the fewest now, by weight.")
            .example("least_conn;");

    static final Directive<Choice> IP_HASH = directive("ip_hash")
            .in(UPSTREAM)
            .takes(Arity.NONE, use -> choose(use, new Choice(IpHash.INSTANCE, null, true)))
            .again()
            .inherits(Inheritance.NONE)
            .syntax("")
            .says("Gives the requests of one client, or of one IPv4 network of 256, to one peer.")
            .example("ip_hash;");

    static final Directive<Choice> HASH = directive("hash")
            .in(UPSTREAM)
            .takes(new Arity(1, 2), BalancerDirectives::hash)
            .again()
            .inherits(Inheritance.NONE)
            .syntax("key [consistent]")
            .says("Gives requests with the same key to one peer; with \"consistent\" few keys move when a peer comes"
                    + " or goes.")
            .example("hash $request_uri consistent;");

    static final Directive<Choice> RANDOM = directive("random")
            .in(UPSTREAM)
            .takes(new Arity(0, 2), BalancerDirectives::random)
            .again()
            .inherits(Inheritance.NONE)
            .syntax("[two [least_conn]]")
            .says("Gives a request to any peer by its weight; with \"two\", to the less busy one of two.")
            .example("random two least_conn;");

    static final Directive<Choice> LEAST_TIME = directive("least_time")
            .in(UPSTREAM)
            .takes(new Arity(1, 2), BalancerDirectives::leastTime)
            .again()
            .inherits(Inheritance.NONE)
            .syntax("header | last_byte [inflight]")
            .says("Gives a request to the peer that has answered fastest lately and has few requests now.")
            .example("least_time header;");

    static final List<Directive<?>> ALL = List.of(LEAST_CONN, IP_HASH, HASH, RANDOM, LEAST_TIME);

    private static Choice choose(Use use, Choice choice) {
        List<Choice> choices = use.scope().list(CHOICES);
        if (!choices.isEmpty()) {
            use.warn("load balancing method redefined");
        }
        choices.add(choice);
        return choice;
    }

    private static Choice hash(Use use) {
        Template key = use.template(use.arguments().get(0));
        if (use.count() == 1) {
            return choose(use, new Choice(Hash.INSTANCE, key, false));
        }
        if (!use.text(1).equals("consistent")) {
            throw invalid(use, 1, "expected \"consistent\" or nothing");
        }
        return choose(use, new Choice(ConsistentHash.INSTANCE, key, false));
    }

    private static Choice random(Use use) {
        if (use.count() > 0 && !use.text(0).equals("two")) {
            throw invalid(use, 0, "expected \"two\" or nothing");
        }
        if (use.count() > 1 && !use.text(1).equals("least_conn")) {
            throw invalid(use, 1, "expected \"least_conn\" or nothing");
        }
        return choose(use, new Choice(new RandomChoice(use.count() > 0), null, false));
    }

    private static Choice leastTime(Use use) {
        boolean header = use.text(0).equals("header");
        if (!header && !use.text(0).equals("last_byte")) {
            throw use.error(
                    "invalid value \"" + use.text(0) + "\"",
                    use.arguments().get(0),
                    "expected \"header\" or \"last_byte\"");
        }
        if (use.count() == 2 && !use.text(1).equals("inflight")) {
            throw invalid(use, 1, "expected \"inflight\" or nothing");
        }
        return choose(use, new Choice(new LeastTime(header, use.count() == 2), null, false));
    }

    private static RuntimeException invalid(Use use, int index, String hint) {
        Word word = use.arguments().get(index);
        return use.error("invalid parameter \"" + word.text() + "\"", word, hint);
    }
}
