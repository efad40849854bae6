package io.gatehouse.module.rewrite;

import io.gatehouse.config.directive.Use;
import io.gatehouse.config.directive.Use.NamedRegex;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.Outcome;
import io.gatehouse.exchange.Template;
import io.gatehouse.observe.log.Level;
import io.gatehouse.route.Captures;
import io.gatehouse.text.Octets;
import io.gatehouse.text.UriText;
import org.jspecify.annotations.Nullable;

/**
 * {@code rewrite}.
 *
 * @param path what becomes the URI, or the whole target of a redirect
 * @param arguments what stands behind the question mark of the replacement; null if there is none, or for a redirect
 * @param addArgs whether the request's arguments are put behind those
 * @param status of a redirect; 0 for none
 * @param stays {@code break}: the location is not looked for again
 * @param ends whether the program ends here
 */
record RewriteStep(
        NamedRegex regex,
        Template path,
        @Nullable Template arguments,
        boolean hasArguments,
        boolean addArgs,
        int status,
        boolean stays,
        boolean ends)
        implements Step {

    static RewriteStep read(Use use) {
        Word pattern = use.arguments().get(0);
        Word replacement = use.arguments().get(1);
        String text = replacement.text();
        if (text.isEmpty()) {
            throw use.error("empty replacement", replacement);
        }
        boolean addArgs = !text.endsWith("?");
        if (!addArgs) {
            text = text.substring(0, text.length() - 1);
        }
        int status = text.startsWith("http://") || text.startsWith("https://") || text.startsWith("$scheme") ? 302 : 0;
        boolean stays = false;
        boolean ends = status != 0;
        if (use.count() == 3) {
            ends = true;
            switch (use.text(2)) {
                case "last" -> {}
                case "break" -> stays = true;
                case "redirect" -> status = 302;
                case "permanent" -> status = 301;
                default ->
                    throw use.error(
                            "invalid parameter \"" + use.text(2) + "\"",
                            use.arguments().get(2),
                            "expected one of: last, break, redirect, permanent");
            }
        }
        NamedRegex regex = use.regex(pattern, false);
        int mark = text.indexOf('?');
        boolean hasArguments = mark >= 0;
        if (status != 0 || mark < 0) {
            Template whole = use.template(with(replacement, text));
            return new RewriteStep(regex, whole, null, hasArguments, addArgs, status, stays, ends);
        }
        return new RewriteStep(
                regex,
                use.template(with(replacement, text.substring(0, mark))),
                use.template(with(replacement, text.substring(mark + 1))),
                true,
                addArgs,
                0,
                stays,
                ends);
    }

    private static Word with(Word word, String text) {
        return new Word(text, word.at(), word.quote(), word.rawLength());
    }

    @Override
    public @Nullable Outcome run(Exchange x) {
        boolean logs = x.attachments.get(Program.LOGS) != null;
        if (!Captures.matchAnew(regex, x.uri, x)) {
            if (logs) {
                x.log(Level.NOTICE, "\"" + regex.source() + "\" does not match \"" + x.uri + "\"");
            }
            return null;
        }
        if (logs) {
            x.log(Level.NOTICE, "\"" + regex.source() + "\" matches \"" + x.uri + "\"");
        }
        if (status != 0) {
            return redirect(x, logs);
        }
        String args = newArguments(x);
        String uri = eval(x, path, false);
        if (logs) {
            x.log(Level.NOTICE, "rewritten data: \"" + uri + "\", args: \"" + args + "\"");
        }
        if (uri.isEmpty()) {
            x.log(Level.ERROR, "the rewritten URI has a zero length");
            return Outcome.status(500);
        }
        x.uri = uri;
        x.args = args;
        x.uriIsUnparsed = false;
        x.internal = true;
        x.uriLeftLocation |= stays;
        x.attachments.put(Program.RELOCATES, stays ? null : Boolean.TRUE);
        return ends ? Step.STOP : null;
    }

    private String newArguments(Exchange x) {
        if (arguments == null) {
            return addArgs ? x.args : "";
        }
        String args = eval(x, arguments, true);
        return addArgs && !x.args.isEmpty() ? args + "&" + x.args : args;
    }

    private Outcome redirect(Exchange x, boolean logs) {
        StringBuilder unescaped = new StringBuilder();
        String written = eval(x, path, true);
        int stopped = UriText.unescape(written, 0, written.length(), UriText.Reading.REDIRECT, unescaped);
        String target = unescaped.append(written, stopped, written.length()).toString();
        if (addArgs && !x.args.isEmpty()) {
            target = target + (hasArguments ? '&' : '?') + x.args;
        }
        if (logs) {
            x.log(Level.NOTICE, "rewritten redirect: \"" + target + "\"");
        }
        x.response.headers.set(FieldName.LOCATION, target);
        x.uriIsUnparsed = false;
        x.uriLeftLocation = true;
        return Outcome.status(status);
    }

    /** Groups of the URI are escaped again where the request had escaped them and they go where escapes belong. */
    private static String eval(Exchange x, Template template, boolean escaping) {
        boolean escapes = escaping && (x.unparsedUri.indexOf('%') >= 0 || x.unparsedUri.indexOf('+') >= 0);
        if (!escapes) {
            return template.eval(x);
        }
        Octets out = new Octets(128);
        for (Template.Part part : template.parts()) {
            switch (part) {
                case Template.Text text -> out.put(text.text());
                case Template.Value value -> value.variable().appendTo(x, out);
                case Template.Capture capture -> {
                    String group = x.variables.capture(capture.group());
                    if (group != null) {
                        out.put(UriText.escape(group, UriText.Part.ARGS));
                    }
                }
            }
        }
        return out.toString();
    }
}
