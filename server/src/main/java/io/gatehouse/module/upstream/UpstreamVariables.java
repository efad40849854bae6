package io.gatehouse.module.upstream;

import io.gatehouse.config.build.VariableRegistry;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.FieldVariables;
import io.gatehouse.exchange.Headers;
import io.gatehouse.exchange.UpstreamTry;
import io.gatehouse.exchange.Variable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code $upstream_*}: what the attempts to get an answer came to. */
final class UpstreamVariables {
    private UpstreamVariables() {}

    static void register(VariableRegistry registry) {
        registry.add("upstream_addr", each((out, attempt) -> out.append(attempt.address)));
        registry.add("upstream_status", each((out, attempt) -> {
            if (attempt.status == 0) {
                out.append('-');
            } else {
                out.append(attempt.status);
            }
        }));
        registry.add("upstream_connect_time", each((out, attempt) -> seconds(out, attempt.connectMillis)));
        registry.add("upstream_header_time", each((out, attempt) -> seconds(out, attempt.headerMillis)));
        registry.add("upstream_response_time", each((out, attempt) -> seconds(out, attempt.responseMillis)));
        registry.add("upstream_response_length", each((out, attempt) -> out.append(attempt.bodyBytes)));
        registry.add("upstream_bytes_received", each((out, attempt) -> out.append(attempt.bytesReceived)));
        registry.add("upstream_bytes_sent", each((out, attempt) -> out.append(attempt.bytesSent)));
        registry.addPrefix("upstream_http_", name -> FieldVariables.field(name, x -> x.upstreamFields));
        registry.addPrefix("upstream_trailer_", name -> FieldVariables.field(name, x -> x.upstreamTrailers));
        registry.addPrefix("upstream_cookie_", name -> x -> cookie(x, name));
    }

    /** Writes one attempt's part of a value. */
    private interface Part {
        void put(StringBuilder out, UpstreamTry attempt);
    }

    private static Variable each(Part part) {
        return x -> {
            List<UpstreamTry> attempts = x.upstreamTries;
            if (attempts.isEmpty()) {
                return null;
            }
            StringBuilder out = new StringBuilder(24);
            for (int i = 0; i < attempts.size(); i++) {
                if (i > 0) {
                    out.append(attempts.get(i - 1).redirected ? " : " : ", ");
                }
                part.put(out, attempts.get(i));
            }
            return out.toString();
        };
    }

    private static void seconds(StringBuilder out, long millis) {
        if (millis < 0) {
            out.append('-');
            return;
        }
        long rest = millis % 1000;
        out.append(millis / 1000)
                .append(rest < 10 ? ".00" : rest < 100 ? ".0" : ".")
                .append(rest);
    }

    private static @Nullable String cookie(Exchange x, String name) {
        Headers fields = x.upstreamFields;
        if (fields == null) {
            return null;
        }
        for (int i = fields.find(FieldName.SET_COOKIE); i >= 0; i = fields.find(FieldName.SET_COOKIE, i + 1)) {
            String value = cookieValue(fields.value(i), name);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    private static @Nullable String cookieValue(String field, String name) {
        int length = name.length();
        if (!field.regionMatches(true, 0, name, 0, length)) {
            return null;
        }
        int at = skipBlanks(field, length);
        if (at >= field.length() || field.charAt(at) != '=') {
            return null;
        }
        at = skipBlanks(field, at + 1);
        int end = field.indexOf(';', at);
        return field.substring(at, end < 0 ? field.length() : end);
    }

    private static int skipBlanks(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        return at;
    }
}
