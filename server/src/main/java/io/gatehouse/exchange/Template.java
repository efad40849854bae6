package io.gatehouse.exchange;

import io.gatehouse.text.Octets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Text with variables in it, as most of nginx's directives take it. Built once; evaluated on the exchange's loop.
 * Variables without a value insert nothing.
 *
 * <p>The kinds of parts are told apart without a {@code switch} over types: the JVM makes a class for each such switch, which
 * the first request would wait for.
 */
public final class Template {
    /** A piece: either text, a capture (1 to 9; 0 the whole match) or a variable. */
    public sealed interface Part {}

    /** Constant text. */
    public record Text(String text) implements Part {}

    /** {@code $1} to {@code $9}. */
    public record Capture(int group) implements Part {}

    /** {@code $name}. */
    public record Value(Variable variable) implements Part {}

    private final Part[] parts;
    private final @Nullable String constant;
    private final String source;

    private Template(String source, Part[] parts) {
        this.source = source;
        this.parts = parts;
        this.constant =
                parts.length == 0 ? "" : parts.length == 1 && parts[0] instanceof Text text ? text.text() : null;
    }

    public static Template of(String source, List<Part> parts) {
        return new Template(source, parts.toArray(new Part[0]));
    }

    public static Template constant(String text) {
        return new Template(text, text.isEmpty() ? new Part[0] : new Part[] {new Text(text)});
    }

    /** The text if there is nothing to evaluate, else null. */
    public @Nullable String constant() {
        return constant;
    }

    public boolean isConstant() {
        return constant != null;
    }

    /** As it was written. */
    public String source() {
        return source;
    }

    public List<Part> parts() {
        return List.of(parts);
    }

    public String eval(Exchange exchange) {
        if (constant != null) {
            return constant;
        }
        if (parts.length == 1) {
            String only = partValue(exchange, parts[0]);
            return only == null ? "" : only;
        }
        Octets out = new Octets(128);
        appendTo(exchange, out);
        return out.toString();
    }

    public void appendTo(Exchange exchange, Octets out) {
        for (Part part : parts) {
            if (part instanceof Text text) {
                out.put(text.text());
            } else if (part instanceof Value value) {
                value.variable().appendTo(exchange, out);
            } else if (part instanceof Capture capture) {
                String text = exchange.variables.capture(capture.group());
                if (text != null) {
                    out.put(text);
                }
            }
        }
    }

    private static @Nullable String partValue(Exchange exchange, Part part) {
        if (part instanceof Value value) {
            return value.variable().get(exchange);
        }
        return part instanceof Capture capture ? exchange.variables.capture(capture.group()) : ((Text) part).text();
    }

    @Override
    public String toString() {
        return source;
    }
}
