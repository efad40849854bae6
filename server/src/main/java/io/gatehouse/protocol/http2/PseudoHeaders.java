package io.gatehouse.protocol.http2;

import io.gatehouse.protocol.Ascii;
import io.gatehouse.protocol.HostName;
import io.gatehouse.protocol.Methods;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The pseudo-headers of one header block (RFC 9113, 8.3.1; RFC 8441): where the value of each lies in the array of the head, and
 * whether it is in order. What offends is told in nginx's words. Used for one block after another.
 */
final class PseudoHeaders {
    /** Where a pseudo-header's value lies. */
    static final class Span {
        int start;
        int end;

        private void clear() {
            start = -1;
            end = -1;
        }

        boolean isSet() {
            return start >= 0;
        }
    }

    final Span method = new Span();
    final Span scheme = new Span();
    final Span path = new Span();
    final Span authority = new Span();
    final Span protocol = new Span();
    /** What {@link #authority} says. */
    final HostName host = new HostName();
    /** What {@link #method} says; empty before. */
    String methodName = "";

    void begin() {
        method.clear();
        scheme.clear();
        path.clear();
        authority.clear();
        protocol.clear();
        methodName = "";
    }

    /** Takes one, whose name lies from {@code start} on, without its colon, to {@code nameEnd}. Returns what is wrong, or null. */
    @Nullable
    String take(byte[] head, int start, int nameEnd, int valueStart, int valueEnd) {
        Span span = named(head, start, nameEnd);
        if (span == null) {
            return "client sent unknown pseudo-header \":" + text(head, start, nameEnd) + "\"";
        }
        if (span.isSet()) {
            String name = text(head, start, nameEnd);
            return "client sent duplicate " + (span == authority ? "\":authority\"" : ":" + name) + " header";
        }
        span.start = valueStart;
        span.end = valueEnd;
        if (span == authority) {
            return host.parse(head, valueStart, valueEnd) ? null : "client sent invalid \":authority\" header";
        }
        if (valueStart == valueEnd) {
            return "client sent empty :" + text(head, start, nameEnd) + " header";
        }
        return span == method ? readMethod(head) : span == scheme ? checkScheme(head) : null;
    }

    private @Nullable Span named(byte[] head, int start, int end) {
        return switch (end - start) {
            case 4 -> Methods.equals(head, start, end, "path") ? path : null;
            case 6 ->
                Methods.equals(head, start, end, "method")
                        ? method
                        : Methods.equals(head, start, end, "scheme") ? scheme : null;
            case 8 -> Methods.equals(head, start, end, "protocol") ? protocol : null;
            case 9 -> Methods.equals(head, start, end, "authority") ? authority : null;
            default -> null;
        };
    }

    private @Nullable String readMethod(byte[] head) {
        String name = Methods.name(head, method.start, method.end);
        for (int p = method.start; p < method.end; p++) {
            if (!Ascii.isMethod(head[p])) {
                return "client sent invalid method: \"" + name + "\"";
            }
        }
        methodName = name;
        return null;
    }

    private @Nullable String checkScheme(byte[] head) {
        for (int p = scheme.start; p < scheme.end; p++) {
            byte c = head[p];
            boolean valid =
                    Ascii.isLetter(c) || p > scheme.start && (Ascii.isDigit(c) || c == '+' || c == '-' || c == '.');
            if (!valid) {
                return "client sent invalid :scheme header: \"" + text(head, scheme.start, scheme.end) + "\"";
            }
        }
        return null;
    }

    /** The first of those that every request needs and this one lacks; null if it has them all. */
    @Nullable
    String missing() {
        return !method.isSet() ? "method" : !scheme.isSet() ? "scheme" : !path.isSet() ? "path" : null;
    }

    private static String text(byte[] head, int start, int end) {
        return new String(head, start, end - start, StandardCharsets.ISO_8859_1);
    }
}
