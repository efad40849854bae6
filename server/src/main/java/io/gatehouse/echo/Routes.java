package io.gatehouse.echo;

import io.gatehouse.echo.RequestHead.Field;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Finds who answers a path, and answers the short ones: statuses, redirects, fields, and no answer at all. */
final class Routes {
    private Routes() {}

    static void answer(Exchange exchange) throws IOException {
        if (exchange.head().method().equals("CONNECT")) {
            throw new RequestRefused(501, "this is an application, not a proxy: it does not CONNECT");
        }
        switch (exchange.target().first()) {
            case "" -> {
                if (exchange.head().acceptsJson() || !isRead(exchange)) {
                    EchoPages.show(exchange);
                } else {
                    EchoPages.page(exchange);
                }
            }
            case "page.css" -> EchoPages.file(exchange, "page.css", "text/css; charset=utf-8");
            case "page.js" -> EchoPages.file(exchange, "page.js", "text/javascript; charset=utf-8");
            case "favicon.ico" -> {
                exchange.readBody();
                exchange.answer().send(204);
            }
            case "ws" -> WebSocketEcho.serve(exchange);
            case "upload" -> Upload.answer(exchange);
            case "slow" -> Streams.slow(exchange);
            case "events" -> Streams.events(exchange);
            case "bytes" -> Streams.bytes(exchange);
            case "chunked" -> Streams.chunked(exchange);
            case "trailers" -> Streams.trailers(exchange);
            case "status" -> status(exchange);
            case "redirect" -> redirect(exchange);
            case "headers" -> headers(exchange);
            case "close" -> end(exchange, false);
            case "reset" -> end(exchange, true);
            default -> EchoPages.show(exchange);
        }
    }

    private static boolean isRead(Exchange exchange) {
        return exchange.head().method().equals("GET") || exchange.head().isHead();
    }

    /** {@code /status/NNN}; with {@code ?early}, before the body was read. */
    private static void status(Exchange exchange) throws IOException {
        Answer answer = exchange.answer();
        int status = (int) Target.number("the status", exchange.target().rest(), 200, 100, 599);
        if (status == 101) {
            throw RequestRefused.bad("101 is answered by /ws only");
        }
        if (!exchange.target().has("early")) {
            exchange.readBody();
        } else if (!exchange.body().isFinished()) {
            answer.close();
        }
        if (status < 200) {
            answer.interim(
                    status,
                    status == 103 ? List.of(new Field("Link", "</page.css>; rel=preload; as=style")) : List.of());
            exchange.text(200, "after " + status + " " + StatusText.of(status) + "\n");
            return;
        }
        switch (status) {
            case 301, 302, 303, 307, 308 -> answer.field("Location", "/");
            case 401 -> answer.field("WWW-Authenticate", "Basic realm=\"echo\"");
            case 405 -> answer.field("Allow", "GET, HEAD");
            case 407 -> answer.field("Proxy-Authenticate", "Basic realm=\"echo\"");
            case 426 -> answer.field("Upgrade", "websocket");
            case 429, 503 -> answer.field("Retry-After", "1");
            default -> {}
        }
        if (status == 204 || status == 205 || status == 304) {
            answer.send(status);
        } else {
            exchange.text(status, status + " " + StatusText.of(status) + "\n");
        }
    }

    /** {@code /redirect?to=URI&status=NNN}, or {@code /redirect/N}: N redirects, one after the other. */
    private static void redirect(Exchange exchange) throws IOException {
        exchange.readBody();
        Target target = exchange.target();
        int status = (int) Target.number("the status", target.argument("status"), 302, 300, 399);
        long steps = Target.number("the count of redirects", target.rest(), 1, 1, 1000);
        String to = target.argument("to");
        String location = to != null && !to.isEmpty() ? to : steps > 1 ? "/redirect/" + (steps - 1) : "/";
        exchange.answer().field("Location", sendable(location));
        if (status == 304) {
            exchange.answer().send(status);
        } else {
            exchange.text(status, "see the Location\n");
        }
    }

    /** {@code /headers?Name=value}: these fields in the answer, in their order. */
    private static void headers(Exchange exchange) throws IOException {
        exchange.readBody();
        for (Field field : exchange.target().arguments()) {
            String name = field.name().toLowerCase(Locale.ROOT);
            if (!RequestHead.isToken(name)) {
                throw RequestRefused.bad("a field's name is a token (RFC 9110, section 5.6.2)");
            }
            switch (name) {
                case "content-length", "transfer-encoding" ->
                    throw RequestRefused.bad(name + " would make the answer untrue");
                case "connection" -> {
                    if (field.value().toLowerCase(Locale.ROOT).contains("close")) {
                        exchange.answer().close();
                    } else {
                        exchange.answer().field(field.name(), sendable(field.value()));
                    }
                }
                default -> exchange.answer().field(field.name(), sendable(field.value()));
            }
        }
        // What is asked for stays out of the body: it may come with any content type.
        boolean typed = exchange.target().arguments().stream()
                .anyMatch(field -> field.name().equalsIgnoreCase("content-type"));
        exchange.answer().send(200, typed ? "" : Exchange.TEXT, "the fields are in the head\n");
    }

    private static String sendable(String value) throws RequestRefused {
        for (int i = 0; i < value.length(); i++) {
            if ((value.charAt(i) < ' ' && value.charAt(i) != '\t') || value.charAt(i) == 0x7f) {
                throw RequestRefused.bad("a field's value has no control characters");
            }
        }
        return value;
    }

    /** {@code /close} and {@code /reset}: no answer; with {@code ?after=N}, N bytes of one that promises one more. */
    private static void end(Exchange exchange, boolean reset) throws IOException {
        exchange.readBody();
        String after = exchange.target().argument("after");
        if (after != null) {
            long count = Target.number("the count of bytes", after, 0, 0, 1L << 40);
            exchange.answer().begin(200, Exchange.TEXT, count + 1);
            Streams.fill(exchange.answer(), count);
            exchange.answer().flush();
        }
        exchange.answer().close();
        if (reset) {
            exchange.connection().reset();
        }
    }
}
