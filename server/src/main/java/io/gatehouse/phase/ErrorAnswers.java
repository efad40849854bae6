package io.gatehouse.phase;

import io.gatehouse.exchange.CoreSettings;
import io.gatehouse.exchange.CoreSettings.ErrorPage;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.Outcome;
import io.gatehouse.exchange.ServerVersion;
import io.gatehouse.exchange.Statuses;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Answers with a status alone: by {@code error_page} where one is set for it, else by nginx's own small page. */
final class ErrorAnswers {
    /** Ends the exchange with a status, or says where it goes on to find the page. */
    @Nullable
    Outcome answer(Exchange x, int status) {
        if (status == 444) {
            x.logStatus = 444;
            x.abort();
            return null;
        }
        if (status == 499 || x.isHeadSent()) {
            x.abort();
            return null;
        }
        x.errorStatus = status;
        endsKeepAlive(x, status);
        x.response.contentType = null;
        x.response.contentLength = -1;
        CoreSettings core = x.location.core;
        if (!x.errorPage && !core.errorPages().isEmpty() && x.uriChanges != 0) {
            if (!core.recursiveErrorPages()) {
                x.errorPage = true;
            }
            for (ErrorPage page : core.errorPages()) {
                if (page.status() == status) {
                    return errorPage(x, page);
                }
            }
        }
        x.body.discard();
        page(x, status);
        return null;
    }

    private static void endsKeepAlive(Exchange x, int status) {
        switch (status) {
            case 400, 413, 414, 494, 495, 496, 497, 500, 501 -> x.keepAlive = false;
            default -> {}
        }
    }

    private static @Nullable Outcome errorPage(Exchange x, ErrorPage page) {
        if (page.overwrite() >= 0) {
            x.errorStatus = page.overwrite();
        }
        String target = page.target().eval(x);
        if (target.startsWith("/")) {
            if (!x.isHead()) {
                x.method = "GET";
            }
            String arguments =
                    page.arguments() == null ? null : page.arguments().eval(x);
            if (!page.target().isConstant()) {
                int mark = target.indexOf('?');
                if (mark >= 0) {
                    return Outcome.uri(target.substring(0, mark), target.substring(mark + 1));
                }
            }
            return Outcome.uri(target, arguments);
        }
        if (target.startsWith("@")) {
            return Outcome.named(target);
        }
        x.body.discard();
        switch (page.overwrite()) {
            case 301, 302, 303, 307, 308 -> {}
            default -> x.errorStatus = 302;
        }
        x.response.headers.set(FieldName.LOCATION, target);
        page(x, x.errorStatus);
        return null;
    }

    /** nginx's own page. */
    private static void page(Exchange x, int status) {
        String title = Statuses.title(status);
        switch (status) {
            case 494, 495, 496, 497 -> x.errorStatus = 400;
            default -> x.errorStatus = status;
        }
        x.response.status = x.errorStatus;
        x.response.lastModified = -1;
        x.response.lastModifiedText = null;
        x.response.allowRanges = false;
        x.response.headers.remove(FieldName.ACCEPT_RANGES);
        x.response.headers.remove(FieldName.ETAG);
        if (title == null) {
            x.response.contentLength = 0;
            if (x.sendHead()) {
                x.end();
            }
            return;
        }
        byte[] body = body(title, status, x.location.core.serverTokens());
        x.response.contentType = "text/html";
        x.response.contentLength = body.length;
        if (!x.sendHead()) {
            return;
        }
        if (!x.response.headerOnly) {
            ByteBuf buffer = x.loop.buffer(body.length);
            buffer.writeBytes(body);
            x.send(buffer);
        }
        x.end();
    }

    private static byte[] body(String title, int status, CoreSettings.ServerTokens tokens) {
        boolean explained = status >= 494 && status <= 497;
        String heading = explained ? "400 Bad Request" : title;
        String explanation = explained ? "<center>" + title.substring(4) + "</center>\r\n" : "";
        String server = tokens == CoreSettings.ServerTokens.OFF ? "nginx" : ServerVersion.SERVER;
        String text = "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + heading
                + "</h1></center>\r\n" + explanation + "<hr><center>" + server + "</center>\r\n</body>\r\n</html>\r\n";
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
