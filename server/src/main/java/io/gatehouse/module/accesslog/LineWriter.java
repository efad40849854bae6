package io.gatehouse.module.accesslog;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Template;
import io.gatehouse.text.Octets;
import org.jspecify.annotations.Nullable;

/**
 * One {@code access_log} line of a place.
 *
 * @param condition written only if it is neither empty nor 0; null for always
 */
record LineWriter(
        LogFormat format, LineTarget target, @Nullable Template condition) {
    void write(Exchange x, Octets line) {
        if (condition != null) {
            String value = condition.eval(x);
            if (value.isEmpty() || value.equals("0")) {
                return;
            }
        }
        line.clear();
        format.write(x, line);
        line.put((byte) '\n');
        target.write(x, line);
    }
}
