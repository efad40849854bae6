package io.gatehouse.module.proxy;

import io.gatehouse.config.directive.Use.NamedRegex;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Template;
import io.gatehouse.route.Captures;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of {@code proxy_redirect}, {@code proxy_cookie_domain} or {@code proxy_cookie_path}: what a value must begin with or
 * match, and what takes its place.
 *
 * @param regex for a pattern with ~, else null
 * @param prefix for any other, else null
 * @param domain whether the prefix must be the whole value, without regard to case and to a dot before it
 */
record ValueRewrite(@Nullable NamedRegex regex, @Nullable Template prefix, boolean domain, Template replacement) {

    /** What the first line that fits makes of the part of the value from {@code start}; null if none fits. */
    static @Nullable String first(List<ValueRewrite> lines, Exchange x, String value, int start) {
        for (int i = 0; i < lines.size(); i++) {
            String made = lines.get(i).apply(x, value, start);
            if (made != null) {
                return made;
            }
        }
        return null;
    }

    private @Nullable String apply(Exchange x, String value, int start) {
        if (regex != null) {
            if (!Captures.match(regex, value.substring(start), x)) {
                return null;
            }
            return value.substring(0, start) + replacement.eval(x);
        }
        String wanted = prefix == null ? "" : prefix.eval(x);
        if (domain) {
            int from = start < value.length() && value.charAt(start) == '.' ? start + 1 : start;
            if (value.length() - from != wanted.length()
                    || !value.regionMatches(true, from, wanted, 0, wanted.length())) {
                return null;
            }
            return value.substring(0, from) + replacement.eval(x);
        }
        if (!value.startsWith(wanted, start)) {
            return null;
        }
        return value.substring(0, start) + replacement.eval(x) + value.substring(start + wanted.length());
    }
}
