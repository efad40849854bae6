package io.gatehouse.echo;

import java.io.IOException;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code /upload}: reads a body of any size without keeping it, and tells its size, its digest and its parts. */
final class Upload {
    private static final Pattern BOUNDARY = Pattern.compile(
            ";\\s*boundary=(?:\"([^\"\\\\\r\n]{1,70})\"|([^\\s;\",]{1,70}))\\s*(?:;|$)", Pattern.CASE_INSENSITIVE);

    private Upload() {}

    static void answer(Exchange exchange) throws IOException {
        String method = exchange.head().method();
        if (!method.equals("POST") && !method.equals("PUT")) {
            exchange.readBody();
            exchange.answer().field("Allow", "POST, PUT");
            exchange.text(405, "expected POST or PUT, found " + method + "\n");
            return;
        }
        Multipart parts = parts(exchange.head().value("content-type"));
        long begin = exchange.settings().nanos().getAsLong();
        MessageDigest digest = BodySummary.newDigest();
        byte[] buffer = new byte[64 * 1024];
        long size = 0;
        for (int count = exchange.body().read(buffer);
                count >= 0;
                count = exchange.body().read(buffer)) {
            digest.update(buffer, 0, count);
            size += count;
            if (parts != null) {
                parts.write(buffer, count);
            }
        }
        long millis = (exchange.settings().nanos().getAsLong() - begin) / 1_000_000;
        Json json = new Json().open('{');
        json.name("size").raw(size);
        json.name("sha256").value(BodySummary.hex(digest));
        json.name("seconds").raw(String.format(Locale.ROOT, "%d.%03d", millis / 1000, millis % 1000));
        json.name("parts").open('[');
        if (parts != null) {
            parts.end(json);
        }
        exchange.answer()
                .field("Cache-Control", "no-store")
                .send(200, Exchange.JSON, json.close(']').close('}').toString());
    }

    private static @Nullable Multipart parts(String type) throws RequestRefused {
        if (!type.toLowerCase(Locale.ROOT).startsWith("multipart/form-data")) {
            return null;
        }
        Matcher boundary = BOUNDARY.matcher(type);
        if (!boundary.find()) {
            throw RequestRefused.bad("multipart/form-data without a boundary of 1 to 70 characters");
        }
        return new Multipart(boundary.group(1) != null ? boundary.group(1) : boundary.group(2));
    }
}
