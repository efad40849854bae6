package io.gatehouse.module.proxy;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.LOCATION;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Scope;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.directive.Use.NamedRegex;
import io.gatehouse.config.syntax.Node;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.Template;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an application says of itself, in terms of what the client sees: redirects and cookies. */
final class RewriteDirectives {
    private RewriteDirectives() {}

    /** One line: "off", "default" or a rewrite. */
    record Line(Node at, boolean off, @Nullable ValueRewrite rewrite) {}

    /** One line of proxy_cookie_flags: "off" or flags. */
    record FlagsLine(boolean off, CookieRewrite.@Nullable Flags flags) {}

    static final Directive<List<Line>> REDIRECT = directive("proxy_redirect")
            .in(HTTP, SERVER, LOCATION)
            .takesEach(new Arity(1, 2), RewriteDirectives::redirect)
            .syntax("default | off | redirect replacement")
            .says("Sets what Location and Refresh of an answer must begin with, or match after ~ or ~*, and what"
                    + " takes its place; by default the URL of proxy_pass becomes the prefix of the location.")
            .example("proxy_redirect http://localhost:8000/two/ http://frontend/one/;");

    static final Directive<List<Line>> COOKIE_DOMAIN = directive("proxy_cookie_domain")
            .in(HTTP, SERVER, LOCATION)
            .takesEach(new Arity(1, 2), use -> rewrite(use, true))
            .syntax("off | domain replacement")
            .says("Sets which domain of cookies becomes which.")
            .example("proxy_cookie_domain localhost example.org;");

    static final Directive<List<Line>> COOKIE_PATH = directive("proxy_cookie_path")
            .in(HTTP, SERVER, LOCATION)
            .takesEach(new Arity(1, 2), use -> rewrite(use, false))
            .syntax("off | path replacement")
            .says("Sets which beginning of the path of cookies becomes which.")
            .example("proxy_cookie_path /two/ /;");

    static final Directive<List<FlagsLine>> COOKIE_FLAGS = directive("proxy_cookie_flags")
            .in(HTTP, SERVER, LOCATION)
            .takesEach(new Arity(1, 4), RewriteDirectives::flags)
            .syntax("off | cookie [flag ...]")
            .says("Sets or takes away flags of a cookie: secure, nosecure, httponly, nohttponly,"
                    + " samesite=strict|lax|none, nosamesite.")
            .example("proxy_cookie_flags session secure httponly samesite=lax;");

    static final List<Directive<?>> ALL = List.of(REDIRECT, COOKIE_DOMAIN, COOKIE_PATH, COOKIE_FLAGS);

    private static Line redirect(Use use) {
        if (use.count() == 1) {
            String text = use.text(0);
            refuseAfterOff(use, REDIRECT);
            if (text.equals("off")) {
                if (use.scope().own(REDIRECT) != null) {
                    throw use.error("\"proxy_redirect\" directive is duplicate");
                }
                return new Line(use.node(), true, null);
            }
            if (!text.equals("default")) {
                throw use.error(
                        "invalid parameter \"" + text + "\"",
                        use.arguments().get(0),
                        "expected \"default\", \"off\" or two arguments");
            }
            PassDirective.Pass pass = use.scope().own(PassDirective.PROXY_PASS);
            if (pass == null) {
                throw use.error("\"proxy_redirect default\" should be placed after the \"proxy_pass\" directive");
            }
            if (pass.url() == null) {
                throw use.error(
                        "\"proxy_redirect default\" cannot be used with \"proxy_pass\" directive with variables");
            }
            return new Line(use.node(), false, null);
        }
        refuseAfterOff(use, REDIRECT);
        return new Line(use.node(), false, rewriteOf(use, false));
    }

    private static Line rewrite(Use use, boolean domain) {
        @SuppressWarnings("unchecked") // both directives that are read here hold lines
        Directive<List<Line>> directive = (Directive<List<Line>>) use.directive();
        refuseAfterOff(use, directive);
        if (use.count() == 1) {
            if (!use.text(0).equals("off")) {
                throw use.error(
                        "invalid parameter \"" + use.text(0) + "\"",
                        use.arguments().get(0),
                        "expected \"off\" or two arguments");
            }
            if (use.scope().own(directive) != null) {
                throw use.error("\"" + directive.name() + "\" directive is duplicate");
            }
            return new Line(use.node(), true, null);
        }
        return new Line(use.node(), false, rewriteOf(use, domain));
    }

    private static void refuseAfterOff(Use use, Directive<List<Line>> directive) {
        List<Line> before = use.scope().own(directive);
        if (before != null && before.get(0).off()) {
            throw use.error("\"" + directive.name() + "\" directive is duplicate");
        }
    }

    private static ValueRewrite rewriteOf(Use use, boolean domain) {
        Word pattern = use.arguments().get(0);
        Word by = use.arguments().get(1);
        String text = pattern.text();
        if (text.startsWith("~")) {
            boolean caseless = domain || text.startsWith("~*");
            int skip = !domain && text.startsWith("~*") ? 2 : 1;
            return new ValueRewrite(regex(use, pattern, skip, caseless), null, false, use.template(by));
        }
        if (!domain) {
            return new ValueRewrite(null, use.template(pattern), false, use.template(by));
        }
        // a dot before a domain means nothing any more (RFC 6265, 5.2.3)
        return new ValueRewrite(null, use.template(withoutDot(pattern)), true, use.template(withoutDot(by)));
    }

    private static Word withoutDot(Word word) {
        return word.text().startsWith(".") ? tail(word, 1) : word;
    }

    private static FlagsLine flags(Use use) {
        List<FlagsLine> before = use.scope().own(COOKIE_FLAGS);
        if (before != null && before.get(0).off()) {
            throw use.error("\"proxy_cookie_flags\" directive is duplicate");
        }
        Word cookie = use.arguments().get(0);
        if (use.count() == 1) {
            if (!cookie.text().equals("off")) {
                throw use.error(
                        "invalid parameter \"" + cookie.text() + "\"",
                        cookie,
                        "expected \"off\", or flags behind the cookie's name");
            }
            if (before != null) {
                throw use.error("\"proxy_cookie_flags\" directive is duplicate");
            }
            return new FlagsLine(true, null);
        }
        List<Template> words = new ArrayList<>();
        for (Word word : use.arguments().subList(1, use.count())) {
            words.add(use.template(word));
        }
        if (cookie.text().startsWith("~")) {
            return new FlagsLine(false, new CookieRewrite.Flags(regex(use, cookie, 1, true), null, words));
        }
        return new FlagsLine(false, new CookieRewrite.Flags(null, use.template(cookie), words));
    }

    private static NamedRegex regex(Use use, Word pattern, int skip, boolean caseless) {
        return use.regex(tail(pattern, skip), caseless);
    }

    private static Word tail(Word word, int skip) {
        return new Word(word.text().substring(skip), word.at(), word.quote(), word.rawLength());
    }

    /** The redirects in force at a place; the default one where nobody says any. */
    static List<ValueRewrite> redirects(LocationBuild place, ProxyTarget target) {
        List<Line> lines = place.find(REDIRECT);
        if (lines == null) {
            ValueRewrite usual = usual(target);
            return usual == null ? List.of() : List.of(usual);
        }
        List<ValueRewrite> rewrites = new ArrayList<>();
        for (Line line : lines) {
            if (line.off()) {
                return List.of();
            }
            ValueRewrite rewrite = line.rewrite() == null ? usual(target) : line.rewrite();
            if (rewrite != null) {
                rewrites.add(rewrite);
            }
        }
        return List.copyOf(rewrites);
    }

    private static @Nullable ValueRewrite usual(ProxyTarget target) {
        if (target.fixed() == null) {
            return null;
        }
        boolean hasUri = !target.fixed().uri().isEmpty();
        String from = hasUri ? target.written() : target.written() + "/";
        String to = hasUri ? target.location() : "/";
        return new ValueRewrite(null, Template.constant(from), false, Template.constant(to));
    }

    static CookieRewrite cookies(Scope scope) {
        List<CookieRewrite.Flags> flags = new ArrayList<>();
        List<FlagsLine> lines = scope.find(COOKIE_FLAGS);
        if (lines != null) {
            for (FlagsLine line : lines) {
                if (line.flags() != null) {
                    flags.add(line.flags());
                }
            }
        }
        return new CookieRewrite(
                rewrites(scope.find(COOKIE_DOMAIN)), rewrites(scope.find(COOKIE_PATH)), List.copyOf(flags));
    }

    private static List<ValueRewrite> rewrites(@Nullable List<Line> lines) {
        List<ValueRewrite> made = new ArrayList<>();
        if (lines != null) {
            for (Line line : lines) {
                if (line.rewrite() != null) {
                    made.add(line.rewrite());
                }
            }
        }
        return List.copyOf(made);
    }
}
