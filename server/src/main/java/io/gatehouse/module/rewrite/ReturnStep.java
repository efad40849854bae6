package io.gatehouse.module.rewrite;

import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.ContentTypes;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.Outcome;
import io.gatehouse.exchange.Template;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * {@code return}.
 *
 * @param text the body, or the target of a redirect; null if none was given
 */
record ReturnStep(int status, @Nullable Template text) implements Step {

    static ReturnStep read(Use use) {
        Word first = use.arguments().get(0);
        String code = first.text();
        if (code.isEmpty() || !code.chars().allMatch(c -> c >= '0' && c <= '9')) {
            boolean url = code.startsWith("http://") || code.startsWith("https://") || code.startsWith("$scheme");
            if (use.count() != 1 || !url) {
                throw use.error(
                        "invalid return code \"" + code + "\"",
                        first,
                        "expected a status, or a URL that begins with http://, https:// or $scheme");
            }
            return new ReturnStep(302, use.template(first));
        }
        if (code.length() > 3) {
            throw use.error("invalid return code \"" + code + "\"", first, "a status is a number up to 999");
        }
        return new ReturnStep(
                Integer.parseInt(code),
                use.count() == 1 ? null : use.template(use.arguments().get(1)));
    }

    @Override
    public Outcome run(Exchange x) {
        if (text == null && status >= 400) {
            return Outcome.status(status);
        }
        int refused = x.body.discard();
        if (refused != 0) {
            return Outcome.status(refused);
        }
        // before the text is made, which may name $status
        x.response.status = status;
        switch (status) {
            case 301, 302, 303, 307, 308 -> {
                if (text != null) {
                    x.response.headers.set(FieldName.LOCATION, text.eval(x));
                } else {
                    x.response.headers.set(FieldName.LOCATION, "");
                }
                return Outcome.status(status);
            }
            default -> {}
        }
        String body = text == null ? "" : text.eval(x);
        x.response.contentLength = body.length();
        if (x.response.contentType == null) {
            x.response.contentType = ContentTypes.of(x);
        }
        if (!x.sendHead()) {
            return Outcome.DONE;
        }
        if (!body.isEmpty() && !x.response.headerOnly) {
            ByteBuf buffer = x.loop.buffer(body.length());
            buffer.writeCharSequence(body, StandardCharsets.ISO_8859_1);
            x.send(buffer);
        }
        x.end();
        return Outcome.DONE;
    }
}
