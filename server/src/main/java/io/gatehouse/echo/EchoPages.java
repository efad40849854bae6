package io.gatehouse.echo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The request shown as it arrived: as text, as JSON, or within the page of {@code /}. */
final class EchoPages {
    /** Everything comes from where the page came from; nothing is written within it. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
            + "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private EchoPages() {}

    /** Answers with what arrived: JSON for those who ask for it, text for all others. */
    static void show(Exchange exchange) throws IOException {
        BodySummary body = exchange.readBody();
        exchange.answer().field("Cache-Control", "no-store").field("Vary", "Accept");
        if (exchange.head().acceptsJson()) {
            exchange.answer().send(200, Exchange.JSON, json(exchange, body));
        } else {
            exchange.text(200, text(exchange, body));
        }
    }

    /** Answers with the page. */
    static void page(Exchange exchange) throws IOException {
        BodySummary body = exchange.readBody();
        String page = resource("page.html")
                .replace("{{head}}", escape(String.join("\n", exchange.head().lines())))
                .replace("{{facts}}", escape(facts(exchange, body)));
        exchange.answer()
                .field("Cache-Control", "no-store")
                .field("Vary", "Accept")
                .field("Content-Security-Policy", POLICY)
                .field("Referrer-Policy", "no-referrer")
                .send(200, "text/html; charset=utf-8", page);
    }

    /** Answers with one of the page's own files. */
    static void file(Exchange exchange, String name, String type) throws IOException {
        exchange.readBody();
        exchange.answer().field("Cache-Control", "no-cache").send(200, type, resource(name));
    }

    private static String text(Exchange exchange, BodySummary body) {
        StringBuilder text = new StringBuilder(1024);
        for (String line : exchange.head().lines()) {
            text.append(line).append('\n');
        }
        text.append("\n# ").append(facts(exchange, body)).append('\n');
        for (RequestHead.Field trailer : exchange.body().trailers()) {
            text.append("# trailer ")
                    .append(trailer.name())
                    .append(": ")
                    .append(trailer.value())
                    .append('\n');
        }
        if (body.text() != null) {
            text.append('\n').append(body.text());
            if (!body.text().endsWith("\n")) {
                text.append('\n');
            }
        }
        return text.toString();
    }

    private static String facts(Exchange exchange, BodySummary body) {
        String origin = "from " + exchange.connection().remoteAddress() + " port "
                + exchange.connection().remotePort() + ", connection " + exchange.connectionNumber() + ", request "
                + exchange.requestNumber() + " on it";
        if (body.size() == 0 && !exchange.body().isChunked()) {
            return origin + "; no body";
        }
        String chunked = exchange.body().isChunked() ? " in chunks" : "";
        return origin + "; body of " + body.size() + " bytes" + chunked + ", SHA-256 " + body.sha256();
    }

    private static String json(Exchange exchange, BodySummary body) {
        RequestHead head = exchange.head();
        Json json = new Json().open('{');
        json.name("method").value(head.method());
        json.name("target").value(head.target());
        json.name("version").value("HTTP/1." + head.minor());
        json.name("headers").fields(head.fields());
        json.name("lines").open('[');
        head.lines().forEach(json::value);
        json.close(']');
        json.name("body").open('{').name("size").raw(body.size()).name("sha256").value(body.sha256());
        json.name("chunked").raw(Boolean.toString(exchange.body().isChunked()));
        if (body.text() != null) {
            json.name("text").value(body.text());
        }
        json.name("trailers").fields(exchange.body().trailers()).close('}');
        json.name("remote").open('{');
        json.name("address").value(exchange.connection().remoteAddress());
        json.name("port").raw(exchange.connection().remotePort()).close('}');
        json.name("connection").raw(exchange.connectionNumber());
        json.name("request").raw(exchange.requestNumber());
        return json.close('}').toString();
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                // So that what arrived is never taken for a place in the page.
                .replace("{", "&#123;");
    }

    private static String resource(String name) throws IOException {
        try (InputStream file = EchoPages.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException(name + " is missing in the program's archive");
            }
            return new String(file.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
