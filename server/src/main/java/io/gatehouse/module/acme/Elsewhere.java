package io.gatehouse.module.acme;

import io.gatehouse.config.directive.Scope;
import io.gatehouse.config.syntax.Node;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a directive of another module is in force, which has a say in what comes by itself.
 *
 * @param level the nearest one that says it
 * @param uses each of them there, at least one
 */
record Elsewhere(Scope level, List<Node> uses) {
    /** Null if no level says it. */
    static @Nullable Elsewhere of(Scope from, String directive) {
        for (Scope level = from; level != null; level = level.parent()) {
            Node block = level.node();
            if (block != null) {
                List<Node> uses = block.children().stream()
                        .filter(node -> node.name().equals(directive))
                        .toList();
                if (!uses.isEmpty()) {
                    return new Elsewhere(level, uses);
                }
            }
        }
        return null;
    }

    /** Whether it is said once, and is that. */
    boolean is(String argument) {
        return uses.size() == 1
                && uses.get(0).arguments().size() == 1
                && uses.get(0).argument(0).equals(argument);
    }
}
