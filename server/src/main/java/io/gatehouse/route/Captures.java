package io.gatehouse.route;

import io.gatehouse.config.directive.Use.NamedRegex;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.observe.log.Level;
import io.gatehouse.text.Regex;
import org.jspecify.annotations.Nullable;

/** Matches a regex of the configuration and keeps its groups in the exchange, numbered and named. */
public final class Captures {
    private Captures() {}

    /**
     * Whether {@code subject} matches.
     *
     * @throws MatchLimitException if finding out would take too many steps; told in the error log. The exchange is then
     *     answered 500: to take it for no match could lead around a rule that forbids something.
     */
    public static boolean match(NamedRegex named, String subject, @Nullable Exchange exchange) {
        int[] offsets = new int[2 * (named.regex().groups() + 1)];
        int result = named.regex().match(subject, offsets);
        if (result == Regex.NO_MATCH) {
            return false;
        }
        if (result == Regex.LIMIT) {
            if (exchange != null) {
                exchange.log(
                        Level.ALERT, "regex \"" + named.source() + "\" took too many steps on \"" + subject + "\"");
            }
            throw new MatchLimitException();
        }
        if (exchange != null) {
            keep(named, subject, offsets, exchange);
        }
        return true;
    }

    /**
     * As {@link #match}, for {@code if} and {@code rewrite}: what does not match leaves no groups of what matched before, as in nginx.
     */
    public static boolean matchAnew(NamedRegex named, String subject, Exchange exchange) {
        boolean matches = match(named, subject, exchange);
        if (!matches) {
            exchange.variables.noCaptures();
        }
        return matches;
    }

    private static void keep(NamedRegex named, String subject, int[] offsets, Exchange exchange) {
        exchange.variables.captures(subject, offsets);
        for (int i = 0; i < named.slots().length; i++) {
            int group = named.groups()[i];
            int start = offsets[2 * group];
            exchange.variables.value(
                    named.slots()[i], start < 0 ? "" : subject.substring(start, offsets[2 * group + 1]));
        }
    }
}
