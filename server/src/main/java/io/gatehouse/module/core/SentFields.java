package io.gatehouse.module.core;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldVariables;
import io.gatehouse.exchange.HttpDates;
import io.gatehouse.exchange.Response;
import io.gatehouse.exchange.Variable;
import org.jspecify.annotations.Nullable;

/** {@code $sent_http_name}: fields of the answer, those included that the protocol writes itself. */
final class SentFields {
    private SentFields() {}

    static Variable field(String name) {
        Variable listed = FieldVariables.field(name, x -> x.response.headers);
        return switch (name) {
            case "content_type" -> x -> x.response.contentType == null ? listed.get(x) : type(x.response);
            case "content_length" ->
                x -> x.response.contentLength >= 0 ? Long.toString(x.response.contentLength) : listed.get(x);
            case "last_modified" -> SentFields::lastModified;
            case "connection" -> x -> x.response.status == 101 ? "upgrade" : x.keepAlive ? "keep-alive" : "close";
            case "keep_alive" -> SentFields::keepAlive;
            case "transfer_encoding" -> x -> x.response.isChunked ? "chunked" : null;
            default -> listed;
        };
    }

    private static @Nullable String type(Response response) {
        return response.charset == null ? response.contentType : response.contentType + "; charset=" + response.charset;
    }

    private static @Nullable String lastModified(Exchange x) {
        if (x.response.lastModifiedText != null) {
            return x.response.lastModifiedText;
        }
        return x.response.lastModified < 0 ? null : HttpDates.format(x.response.lastModified);
    }

    private static @Nullable String keepAlive(Exchange x) {
        long seconds = x.location.core.keepaliveHeaderSeconds();
        return x.keepAlive && seconds > 0 ? "timeout=" + seconds : null;
    }
}
