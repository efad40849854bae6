package io.gatehouse.module.proxy;

import io.gatehouse.config.directive.Use.NamedRegex;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Template;
import io.gatehouse.route.Captures;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Changes an application's Set-Cookie: {@code proxy_cookie_domain}, {@code proxy_cookie_path} and {@code proxy_cookie_flags}.
 */
record CookieRewrite(List<ValueRewrite> domains, List<ValueRewrite> paths, List<Flags> flags) {

    /**
     * One line of {@code proxy_cookie_flags}.
     *
     * @param regex that the cookie's name matches, or null
     * @param name that it is, without regard to case, or null
     */
    record Flags(@Nullable NamedRegex regex, @Nullable Template name, List<Template> words) {
        boolean fits(Exchange x, String cookie) {
            return regex != null
                    ? Captures.match(regex, cookie, x)
                    : name != null && name.eval(x).equalsIgnoreCase(cookie);
        }
    }

    /** A part of the field between semicolons; the first is the cookie itself. */
    private static final class Attribute {
        String name;

        @Nullable
        String value;

        Attribute(String name, @Nullable String value) {
            this.name = name;
            this.value = value;
        }

        boolean is(String other) {
            return name.equalsIgnoreCase(other);
        }
    }

    boolean isEmpty() {
        return domains.isEmpty() && paths.isEmpty() && flags.isEmpty();
    }

    /** The changed value; null if nothing changes. */
    @Nullable
    String apply(Exchange x, String field) {
        List<Attribute> attributes = parse(field);
        if (attributes.get(0).value == null) {
            return null;
        }
        boolean changed = false;
        for (Attribute attribute : attributes.subList(1, attributes.size())) {
            changed |= rewrite(x, attribute, "domain", domains);
            changed |= rewrite(x, attribute, "path", paths);
        }
        changed |= flag(x, attributes);
        return changed ? text(attributes) : null;
    }

    private static boolean rewrite(Exchange x, Attribute attribute, String name, List<ValueRewrite> lines) {
        String value = attribute.value;
        if (lines.isEmpty() || value == null || !attribute.is(name)) {
            return false;
        }
        String made = ValueRewrite.first(lines, x, value, 0);
        if (made == null) {
            return false;
        }
        attribute.value = made;
        return true;
    }

    private boolean flag(Exchange x, List<Attribute> attributes) {
        for (Flags line : flags) {
            if (line.fits(x, attributes.get(0).name)) {
                return edit(x, attributes, line);
            }
        }
        return false;
    }

    private static boolean edit(Exchange x, List<Attribute> attributes, Flags line) {
        boolean any = false;
        Boolean secure = null;
        Boolean httpOnly = null;
        String sameSite = null;
        for (Template word : line.words()) {
            String text = word.eval(x).toLowerCase(Locale.ROOT);
            switch (text) {
                case "secure", "nosecure" -> secure = prefer(secure, text.equals("secure"));
                case "httponly", "nohttponly" -> httpOnly = prefer(httpOnly, text.equals("httponly"));
                case "samesite=strict" -> sameSite = "Strict";
                case "samesite=lax" -> sameSite = "Strict".equals(sameSite) ? sameSite : "Lax";
                case "samesite=none" -> sameSite = sameSite == null || sameSite.isEmpty() ? "None" : sameSite;
                case "nosamesite" -> sameSite = sameSite == null ? "" : sameSite;
                default -> {
                    continue;
                }
            }
            any = true;
        }
        if (any) {
            bare(attributes, "Secure", secure);
            bare(attributes, "HttpOnly", httpOnly);
            sameSite(attributes, sameSite);
        }
        return any;
    }

    /** Of two words that contradict each other the one that sets the flag wins. */
    private static Boolean prefer(@Nullable Boolean known, boolean now) {
        return now || known != null && known;
    }

    private static void bare(List<Attribute> attributes, String name, @Nullable Boolean wanted) {
        if (wanted == null) {
            return;
        }
        boolean found = false;
        for (int i = attributes.size() - 1; i > 0; i--) {
            if (attributes.get(i).is(name)) {
                found = true;
                if (!wanted) {
                    attributes.remove(i);
                }
            }
        }
        if (wanted && !found) {
            attributes.add(new Attribute(name, null));
        }
    }

    private static void sameSite(List<Attribute> attributes, @Nullable String wanted) {
        if (wanted == null) {
            return;
        }
        boolean found = false;
        for (int i = attributes.size() - 1; i > 0; i--) {
            Attribute attribute = attributes.get(i);
            if (!attribute.is("SameSite")) {
                continue;
            }
            if (wanted.isEmpty()) {
                attributes.remove(i);
            } else if (!wanted.equalsIgnoreCase(attribute.value)) {
                attribute.name = "SameSite";
                attribute.value = wanted;
            }
            found = true;
        }
        if (!found && !wanted.isEmpty()) {
            attributes.add(new Attribute("SameSite", wanted));
        }
    }

    private static List<Attribute> parse(String field) {
        List<Attribute> attributes = new ArrayList<>(6);
        int start = 0;
        while (true) {
            int end = field.indexOf(';', start);
            int last = end < 0 ? field.length() : end;
            int equals = field.indexOf('=', start);
            if (equals < 0 || equals >= last) {
                attributes.add(new Attribute(trim(field, start, last), null));
            } else {
                attributes.add(new Attribute(trim(field, start, equals), trim(field, equals + 1, last)));
            }
            if (end < 0) {
                return attributes;
            }
            start = end + 1;
        }
    }

    private static String trim(String text, int start, int end) {
        int from = start;
        int to = end;
        while (from < to && text.charAt(from) == ' ') {
            from++;
        }
        while (to > from && text.charAt(to - 1) == ' ') {
            to--;
        }
        return text.substring(from, to);
    }

    private static String text(List<Attribute> attributes) {
        StringBuilder out = new StringBuilder(128);
        for (Attribute attribute : attributes) {
            if (!out.isEmpty()) {
                out.append("; ");
            }
            out.append(attribute.name);
            if (attribute.value != null) {
                out.append('=').append(attribute.value);
            }
        }
        return out.toString();
    }
}
