package io.gatehouse.echo;

import io.gatehouse.echo.RequestHead.Field;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The answers that take their time, or their space. */
final class Streams {
    private static final int MAX_SECONDS = 3600;
    private static final long MAX_BYTES = 1L << 40;
    private static final String BYTES = "application/octet-stream";

    private Streams() {}

    /** {@code /slow/N} or {@code /slow?seconds=N}; with {@code drip}, a byte a second (or each {@code drip=ms}). */
    static void slow(Exchange exchange) throws IOException {
        exchange.readBody();
        Target target = exchange.target();
        String argument = target.argument("seconds");
        String seconds =
                !target.rest().isEmpty() ? target.rest() : argument == null || argument.isEmpty() ? "1" : argument;
        if (!seconds.matches("[0-9]{1,4}(\\.[0-9]{1,3})?")
                || new BigDecimal(seconds).compareTo(BigDecimal.valueOf(MAX_SECONDS)) > 0) {
            throw RequestRefused.bad("the seconds are a number up to " + MAX_SECONDS + ", not \"" + seconds + "\"");
        }
        BigDecimal duration = new BigDecimal(seconds);
        if (target.has("drip")) {
            drip(exchange, duration.intValue());
        } else {
            exchange.in().pause(duration.movePointRight(9).longValue());
            exchange.text(200, "after " + seconds + " s\n");
        }
    }

    private static void drip(Exchange exchange, int count) throws IOException {
        long millis = Target.number("the pause", exchange.target().argument("drip"), 1000, 1, 60_000);
        Answer answer = exchange.answer();
        answer.begin(200, Exchange.TEXT, count);
        answer.flush();
        for (int i = 0; i < count && !answer.isBodiless(); i++) {
            exchange.in().pause(millis * 1_000_000);
            answer.writeNow(".");
        }
        answer.end(List.of());
    }

    /**
     * {@code /events}: server-sent events, one a second or each {@code interval} ms, without end or {@code count} of
     * them; goes on behind {@code Last-Event-ID}.
     */
    static void events(Exchange exchange) throws IOException {
        exchange.readBody();
        long interval = Target.number("the interval", exchange.target().argument("interval"), 1000, 1, 3_600_000);
        long count = Target.number("the count", exchange.target().argument("count"), Long.MAX_VALUE, 0, 1L << 40);
        String last = exchange.head().value("last-event-id");
        long id = last.matches("[0-9]{1,12}") ? Long.parseLong(last) : 0;
        Answer answer = exchange.answer();
        answer.field("Cache-Control", "no-store").field("X-Accel-Buffering", "no");
        answer.begin(200, "text/event-stream", Answer.UNKNOWN);
        answer.writeNow("retry: 1000\n\n");
        for (long i = 1; i <= count && !answer.isBodiless(); i++) {
            Json data = new Json().open('{').name("n").raw(id + i);
            data.name("time")
                    .value(exchange.settings().wall().instant().toString())
                    .close('}');
            answer.writeNow("id: " + (id + i) + "\ndata: " + data + "\n");
            exchange.in().pause(interval * 1_000_000);
        }
        answer.end(List.of());
    }

    /** {@code /bytes/N}: N bytes, with their length. */
    static void bytes(Exchange exchange) throws IOException {
        exchange.readBody();
        long count = Target.number("the count of bytes", exchange.target().rest(), 1024, 0, MAX_BYTES);
        exchange.answer().begin(200, BYTES, count);
        fill(exchange.answer(), count);
        exchange.answer().end(List.of());
    }

    /** {@code /chunked/N}: N bytes in chunks of 1000 bytes, or of {@code chunk}. */
    static void chunked(Exchange exchange) throws IOException {
        exchange.readBody();
        long count = Target.number("the count of bytes", exchange.target().rest(), 1024, 0, MAX_BYTES);
        int size = (int) Target.number("the chunk's size", exchange.target().argument("chunk"), 1000, 1, 1 << 20);
        Answer answer = exchange.answer();
        answer.begin(200, BYTES, Answer.UNKNOWN);
        byte[] chunk = pattern(size);
        for (long left = count; left > 0 && !answer.isBodiless(); left -= size) {
            answer.write(chunk, (int) Math.min(left, size));
        }
        answer.end(List.of());
    }

    /** {@code /trailers}: a body in chunks, and behind it two fields that speak of it. */
    static void trailers(Exchange exchange) throws IOException {
        BodySummary body = exchange.readBody();
        String text = "trailers follow\n";
        exchange.answer().field("Trailer", "X-Echo-Request-Size, X-Echo-Request-Sha256");
        exchange.answer().begin(200, Exchange.TEXT, Answer.UNKNOWN);
        exchange.answer().writeNow(text);
        exchange.answer()
                .end(List.of(
                        new Field("X-Echo-Request-Size", Long.toString(body.size())),
                        new Field("X-Echo-Request-Sha256", body.sha256())));
    }

    /** Writes that many bytes of a body: the alphabet, over and over. */
    static void fill(Answer answer, long count) throws IOException {
        byte[] block = pattern((int) Math.min(count, 26 * 2048));
        for (long left = count; left > 0 && !answer.isBodiless(); left -= block.length) {
            answer.write(block, (int) Math.min(left, block.length));
        }
    }

    private static byte[] pattern(int length) {
        String alphabet = "abcdefghijklmnopqrstuvwxyz";
        return alphabet.repeat(length / alphabet.length() + 1)
                .substring(0, length)
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
