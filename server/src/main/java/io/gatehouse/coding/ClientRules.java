package io.gatehouse.coding;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.LOCATION;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.directive.Arguments;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Scope;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.text.Regex;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which clients may have gzip, by nginx's rules: {@code gzip_http_version}, {@code gzip_proxied}, {@code gzip_disable}. They
 * hold for gzip, gunzip and gzip_static.
 *
 * @param leastVersion {@link Exchange#HTTP_10} or {@link Exchange#HTTP_11}
 */
public record ClientRules(int leastVersion, ProxiedRules proxied, boolean notMsie6, List<Regex> disabled) {
    static final Directive<Boolean> GZIP_VARY = directive("gzip_vary")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.FLAG)
            .byDefault(false, "off")
            .syntax("on | off")
            .says("Sets whether answers that gzip, gzip_static or gunzip may change tell caches so, by Vary:"
                    + " Accept-Encoding. Where brotli or zstd are offered they always do.")
            .example("gzip_vary on;");

    private static final Directive<Integer> GZIP_HTTP_VERSION = directive("gzip_http_version")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.oneOf(Map.of("1.0", Exchange.HTTP_10, "1.1", Exchange.HTTP_11)))
            .byDefault(Exchange.HTTP_11, "1.1")
            .syntax("1.0 | 1.1")
            .says("Sets the least version of HTTP that a request must have to be answered with gzip.")
            .example("gzip_http_version 1.0;");

    private static final Directive<Set<ProxiedRules.When>> GZIP_PROXIED = directive("gzip_proxied")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arity.AT_LEAST_ONE, ClientRules::proxied)
            .again()
            .byDefault(EnumSet.of(ProxiedRules.When.OFF), "off")
            .syntax("off | expired | no-cache | no-store | private | no_last_modified | no_etag | auth | any ...")
            .says("Sets which answers are compressed with gzip for requests that came through another proxy, which"
                    + " says so by Via.")
            .example("gzip_proxied no-cache no-store private expired auth;");

    private static final Directive<List<Disabled>> GZIP_DISABLE = directive("gzip_disable")
            .in(HTTP, SERVER, LOCATION)
            .takesEach(Arity.AT_LEAST_ONE, ClientRules::disabled)
            .syntax("regex ... | msie6")
            .says("Sets which clients are never answered with gzip, by regular expressions for User-Agent without"
                    + " regard to case; msie6 means Internet Explorer 4 to 6.")
            .example("gzip_disable msie6 \"OldAgent/[12]\";");

    /** To be listed by one module. */
    public static final List<Directive<?>> DIRECTIVES =
            List.of(GZIP_VARY, GZIP_HTTP_VERSION, GZIP_PROXIED, GZIP_DISABLE);

    /** One use of {@code gzip_disable}. */
    record Disabled(boolean msie6, List<Regex> patterns) {}

    private static final String MSIE = "MSIE ";
    private static final String ACCEPTED = "gzip";

    /** The rules in force at a place. */
    public static ClientRules of(LocationBuild place) {
        List<Regex> patterns = new ArrayList<>();
        place.findOr(GZIP_DISABLE, List.of()).forEach(use -> patterns.addAll(use.patterns()));
        return new ClientRules(
                place.get(GZIP_HTTP_VERSION),
                new ProxiedRules(place.get(GZIP_PROXIED)),
                disablesMsie6(place.scope()),
                List.copyOf(patterns));
    }

    /** nginx inherits this word apart from the patterns: an outer level's stays in force whatever a nearer one says. */
    private static boolean disablesMsie6(Scope scope) {
        for (Scope s = scope; s != null; s = s.parent()) {
            List<Disabled> own = s.own(GZIP_DISABLE);
            if (own != null && own.stream().anyMatch(Disabled::msie6)) {
                return true;
            }
        }
        return false;
    }

    private static Set<ProxiedRules.When> proxied(Use use) {
        Set<ProxiedRules.When> all = use.scope().soFar(GZIP_PROXIED, ProxiedRules.When.class);
        for (Word word : use.arguments()) {
            ProxiedRules.When when = ProxiedRules.When.of(word.text());
            if (when == null) {
                throw use.error("invalid value \"" + word.text() + "\"", word, "expected " + ProxiedRules.When.words());
            }
            if (!all.add(when)) {
                use.warn("duplicate value \"" + word.text() + "\"");
            }
        }
        return all;
    }

    private static Disabled disabled(Use use) {
        boolean msie6 = false;
        List<Regex> patterns = new ArrayList<>();
        for (Word word : use.arguments()) {
            if (word.text().equals("msie6")) {
                msie6 = true;
            } else {
                patterns.add(use.regex(word, true).regex());
            }
        }
        return new Disabled(msie6, patterns);
    }

    /** Whether nginx would answer with gzip: what Accept-Encoding says, and the other rules. */
    public boolean allow(Exchange x) {
        return !x.isSubrequest() && accepts(x) && allowRegardless(x);
    }

    /** The rules but for Accept-Encoding. */
    boolean allowRegardless(Exchange x) {
        String agent = x.request.get(FieldName.USER_AGENT);
        return !(notMsie6 && agent != null && isMsie6(agent))
                && x.version >= leastVersion
                && proxied.allow(x)
                && (agent == null || !isDisabled(agent));
    }

    private boolean isDisabled(String agent) {
        for (int i = 0; i < disabled.size(); i++) {
            // a match that was given up counts, as an error does in nginx
            if (disabled.get(i).match(agent, new int[0]) != Regex.NO_MATCH) {
                return true;
            }
        }
        return false;
    }

    private static boolean isMsie6(String agent) {
        int at = agent.indexOf(MSIE);
        if (at < 0 || at + 7 >= agent.length() || agent.charAt(at + 6) != '.' || agent.contains("Opera")) {
            return false;
        }
        return switch (agent.charAt(at + 5)) {
            case '4', '5' -> true;
            case '6' -> agent.indexOf("SV1", at + 8) < 0;
            default -> false;
        };
    }

    /**
     * nginx's reading: the first field only, the first "gzip" in it that begins a word, its weight only whether it is 0; neither
     * {@code *} nor the other codings count.
     */
    private static boolean accepts(Exchange x) {
        String field = x.request.get(FieldName.ACCEPT_ENCODING);
        if (field == null) {
            return false;
        }
        int at = -1;
        do {
            at = indexOf(field, at < 0 ? 0 : at + ACCEPTED.length());
            if (at < 0) {
                return false;
            }
        } while (at > 0 && field.charAt(at - 1) != ',' && field.charAt(at - 1) != ' ');
        int behind = skipSpaces(field, at + ACCEPTED.length());
        if (behind == field.length() || field.charAt(behind) == ',') {
            return true;
        }
        if (field.charAt(behind) != ';') {
            return false;
        }
        behind = skipSpaces(field, behind + 1);
        if (behind == field.length()) {
            return true;
        }
        return (field.charAt(behind) | 0x20) == 'q'
                && behind + 2 < field.length()
                && field.charAt(behind + 1) == '='
                && isMoreThanZero(field, behind + 2);
    }

    private static int indexOf(String field, int from) {
        for (int i = from; i <= field.length() - ACCEPTED.length(); i++) {
            if (field.regionMatches(true, i, ACCEPTED, 0, ACCEPTED.length())) {
                return i;
            }
        }
        return -1;
    }

    private static int skipSpaces(String field, int from) {
        int at = from;
        while (at < field.length() && field.charAt(at) == ' ') {
            at++;
        }
        return at;
    }

    /** 0 to 1 with at most three digits that are more than nothing, up to a comma or a blank. */
    private static boolean isMoreThanZero(String field, int from) {
        char whole = field.charAt(from);
        if (whole != '0' && whole != '1') {
            return false;
        }
        int sum = (whole - '0') * 100;
        if (from + 1 == field.length() || field.charAt(from + 1) == ',' || field.charAt(from + 1) == ' ') {
            return sum > 0;
        }
        if (field.charAt(from + 1) != '.') {
            return false;
        }
        int digits = 0;
        for (int i = from + 2; i < field.length() && field.charAt(i) != ',' && field.charAt(i) != ' '; i++) {
            int digit = field.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            sum += digit;
            digits++;
        }
        return sum > 0 && sum <= 100 && digits <= 3;
    }
}
