package io.gatehouse.module.splitclients;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.build.Module;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Inheritance;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.config.syntax.Node;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Template;
import io.gatehouse.exchange.Variable;
import java.util.ArrayList;
import java.util.List;

/** {@code split_clients}. */
public final class SplitClientsModule implements Module {
    private static final int WHOLE = 10_000;

    /** A share: hashes below {@code limit} (unsigned), or all the rest if it is 0. */
    private record Share(long limit, Template value) {}

    private static final Directive<List<Boolean>> SPLIT_CLIENTS = directive("split_clients")
            .in(HTTP)
            .takesEach(new Arity(2, 2), SplitClientsModule::read)
            .block()
            .inherits(Inheritance.NONE)
            .syntax("string $variable")
            .says("Makes a variable whose value is chosen by the hash of a text (MurmurHash2), in the shares that"
                    + " the block names.")
            .example("split_clients $remote_addr $variant {\n    10% .new;\n    *   '';\n}");

    @Override
    public String name() {
        return "split_clients";
    }

    @Override
    public List<Directive<?>> directives() {
        return List.of(SPLIT_CLIENTS);
    }

    private static Boolean read(Use use) {
        Word name = use.arguments().get(1);
        if (!name.text().startsWith("$") || name.text().length() == 1) {
            throw use.error(
                    "invalid variable name \"" + name.text() + "\"", name, "the name of a variable begins with $");
        }
        use.define(
                name.text().substring(1),
                variable(use.template(use.arguments().get(0)), shares(use), use.newSlot()),
                name);
        return true;
    }

    private static List<Share> shares(Use use) {
        List<Share> shares = new ArrayList<>();
        int sum = 0;
        long limit = 0;
        for (Node line : use.table()) {
            if (line.arguments().size() != 1) {
                throw ConfigException.at(line, "invalid number of arguments in \"split_clients\" directive");
            }
            int percent = percent(line);
            sum = percent > 0 ? sum + percent : WHOLE;
            if (sum > WHOLE) {
                throw use.errorAtEnd("percent total is greater than 100%");
            }
            if (sum == WHOLE) {
                percent = 0;
            }
            limit = percent == 0 ? 0 : limit + percent * 0xffffffffL / WHOLE;
            shares.add(new Share(limit, Template.constant(line.argument(0))));
        }
        return shares;
    }

    /** Hundredths of a percent; 0 for the rest. */
    private static int percent(Node line) {
        String text = line.name();
        if (text.equals("*")) {
            return 0;
        }
        try {
            if (text.matches("[0-9]{1,3}(\\.[0-9]{1,2})?%")) {
                String[] parts = text.substring(0, text.length() - 1).split("\\.", -1);
                String fraction = parts.length == 2 ? (parts[1] + "0").substring(0, 2) : "00";
                int percent = Integer.parseInt(parts[0]) * 100 + Integer.parseInt(fraction);
                if (percent > 0) {
                    return percent;
                }
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw ConfigException.at(line, "invalid percent value \"" + text + "\"")
                .withHint("a share is a percentage with at most two digits behind the point, or * for the rest");
    }

    /** A request stays in its share, whatever becomes of the text. */
    private static Variable variable(Template source, List<Share> shares, int slot) {
        return x -> {
            String known = (String) x.variables.value(slot);
            if (known == null) {
                known = choose(x, MurmurHash2.hash(source.eval(x)) & 0xffffffffL, shares);
                x.variables.value(slot, known);
            }
            return known;
        };
    }

    private static String choose(Exchange x, long hash, List<Share> shares) {
        for (Share share : shares) {
            if (share.limit() == 0 || hash < share.limit()) {
                return share.value().eval(x);
            }
        }
        return "";
    }
}
