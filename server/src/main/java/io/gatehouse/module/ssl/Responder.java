package io.gatehouse.module.ssl;

import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Node;
import io.gatehouse.config.syntax.Word;

/** A responder, where it is said; whether it can be one is only looked at where somebody would ask it, as in nginx. */
record Responder(Node node, Word word) {
    static Responder of(Use use) {
        return new Responder(use.node(), use.arguments().get(0));
    }

    String url() {
        return word.text();
    }
}
