package io.gatehouse.module.geo;

import java.util.ArrayList;
import java.util.List;

/**
 * Values for intervals of addresses, which are numbers of 128 bits without a sign: an IPv4 address is a number below
 * 2<sup>32</sup> in a table of its own. Immutable; a look-up is a binary search.
 */
final class AddressTable {
    private final long[] high;
    private final long[] low;
    private final String[] values;

    private AddressTable(Builder builder) {
        int size = builder.values.size();
        high = new long[size];
        low = new long[size];
        for (int i = 0; i < size; i++) {
            high[i] = builder.high.get(i);
            low[i] = builder.low.get(i);
        }
        values = builder.values.toArray(new String[0]);
    }

    /** The value of the interval that the address lies in. */
    String find(long addressHigh, long addressLow) {
        int from = 0;
        int to = values.length - 1;
        while (from < to) {
            int middle = (from + to + 1) >>> 1;
            if (compare(high[middle], low[middle], addressHigh, addressLow) <= 0) {
                from = middle;
            } else {
                to = middle - 1;
            }
        }
        return values[from];
    }

    static int compare(long high1, long low1, long high2, long low2) {
        int byHigh = Long.compareUnsigned(high1, high2);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low1, low2);
    }

    /** Takes where intervals begin, in order. */
    static final class Builder {
        private final List<Long> high = new ArrayList<>();
        private final List<Long> low = new ArrayList<>();
        private final List<String> values = new ArrayList<>();

        /** @param whole the value of what lies before the first interval */
        Builder(String whole) {
            put(0, 0, whole);
        }

        /** From this address on the value holds; replaces what was said for the same address. */
        void from(long addressHigh, long addressLow, String value) {
            int last = values.size() - 1;
            if (high.get(last) == addressHigh && low.get(last) == addressLow) {
                values.set(last, value);
            } else if (!values.get(last).equals(value)) {
                put(addressHigh, addressLow, value);
            }
        }

        private void put(long addressHigh, long addressLow, String value) {
            high.add(addressHigh);
            low.add(addressLow);
            values.add(value);
        }

        AddressTable build() {
            return new AddressTable(this);
        }
    }
}
