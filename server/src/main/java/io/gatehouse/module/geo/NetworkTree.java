package io.gatehouse.module.geo;

import io.gatehouse.address.Network;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Networks with values, of which the smallest that holds an address counts; laid out flat for the look-up. */
final class NetworkTree {
    private final Map<Network, String> networks = new HashMap<>();

    /** The value that the network had before, or null. */
    @Nullable
    String put(Network network, String value) {
        return networks.put(network, value);
    }

    /** Whether it was there. */
    boolean remove(Network network) {
        return networks.remove(network) != null;
    }

    private record Span(long high, long low, long lastHigh, long lastLow, int length, String value) {
        static Span of(Network network, String value) {
            byte[] base = network.base();
            int bits = base.length * 8;
            long high = bits == 32 ? 0 : number(base, 0, 8);
            long low = bits == 32 ? number(base, 0, 4) : number(base, 8, 16);
            int host = bits - network.length();
            long lastHigh = host > 64 ? high | ones(host - 64) : high;
            return new Span(high, low, lastHigh, low | ones(Math.min(host, 64)), network.length(), value);
        }

        private static long ones(int count) {
            return count == 0 ? 0 : -1L >>> 64 - count;
        }
    }

    /** Octets as a number. */
    static long number(byte[] octets, int from, int to) {
        long number = 0;
        for (int i = from; i < to; i++) {
            number = number << 8 | octets[i] & 255;
        }
        return number;
    }

    AddressTable build() {
        List<Span> spans = new ArrayList<>();
        networks.forEach((network, value) -> spans.add(Span.of(network, value)));
        spans.sort((a, b) -> {
            int byStart = AddressTable.compare(a.high(), a.low(), b.high(), b.low());
            return byStart != 0 ? byStart : Integer.compare(a.length(), b.length());
        });
        AddressTable.Builder table = new AddressTable.Builder("");
        Deque<Span> open = new ArrayDeque<>();
        for (Span span : spans) {
            closeBefore(span, open, table);
            table.from(span.high(), span.low(), span.value());
            open.push(span);
        }
        closeBefore(null, open, table);
        return table.build();
    }

    /** Ends the open networks that end before {@code next}; all of them if that is null. */
    private static void closeBefore(@Nullable Span next, Deque<Span> open, AddressTable.Builder table) {
        while (!open.isEmpty()) {
            Span inner = open.peek();
            if (next != null && AddressTable.compare(inner.lastHigh(), inner.lastLow(), next.high(), next.low()) >= 0) {
                return;
            }
            open.pop();
            long low = inner.lastLow() + 1;
            long high = low == 0 ? inner.lastHigh() + 1 : inner.lastHigh();
            if (low != 0 || high != 0) {
                Span outer = open.peek();
                table.from(high, low, outer == null ? "" : outer.value());
            }
        }
    }
}
