package io.gatehouse.config.directive;

import java.util.List;

/** Lets a directive read one use of itself into the level that it stands on. */
public final class Reading {
    private Reading() {}

    public static void into(Directive<?> directive, Use use, Scope scope) {
        Object value = directive.reader().read(use);
        if (!directive.isRepeatable()) {
            scope.put(directive, value, use.node());
            return;
        }
        @SuppressWarnings("unchecked") // a repeatable directive's value is the list of what its reader makes
        List<Object> list = (List<Object>) scope.own(directive);
        if (list == null) {
            list = Directive.list();
            scope.put(directive, list, use.node());
        }
        list.add(value);
    }
}
