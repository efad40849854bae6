package io.gatehouse.module.proxy;

import io.gatehouse.config.syntax.Units;

/** Rates that variables make. */
final class Rates {
    private Rates() {}

    /** Bytes per second; 0 for a text that is none. */
    static long parse(String text) {
        return text.isEmpty() ? 0 : Math.max(0, Units.size(text));
    }
}
