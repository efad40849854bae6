package io.gatehouse.protocol.http2;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.util.AsciiString;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;

/** Fields in their order, as Netty's encoder goes over them; used again and again, so that no entry is made for each. */
final class FieldList extends DefaultHttp2Headers {
    private AsciiString[] names = new AsciiString[32];
    private AsciiString[] values = new AsciiString[32];
    private int count;
    private final Walk walk = new Walk();

    FieldList() {
        super(false, 2);
    }

    void reset() {
        Arrays.fill(names, 0, count, AsciiString.EMPTY_STRING);
        Arrays.fill(values, 0, count, AsciiString.EMPTY_STRING);
        count = 0;
    }

    void put(AsciiString name, AsciiString value) {
        if (count == names.length) {
            names = Arrays.copyOf(names, 2 * count);
            values = Arrays.copyOf(values, 2 * count);
        }
        names[count] = name;
        values[count++] = value;
    }

    @Override
    public Iterator<Map.Entry<CharSequence, CharSequence>> iterator() {
        walk.at = -1;
        return walk;
    }

    /** Stands at one field after another, and is that field. */
    private final class Walk
            implements Iterator<Map.Entry<CharSequence, CharSequence>>, Map.Entry<CharSequence, CharSequence> {
        private int at;

        @Override
        public boolean hasNext() {
            return at + 1 < count;
        }

        @Override
        public Map.Entry<CharSequence, CharSequence> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            at++;
            return this;
        }

        @Override
        public CharSequence getKey() {
            return names[at];
        }

        @Override
        public CharSequence getValue() {
            return values[at];
        }

        @Override
        public CharSequence setValue(CharSequence value) {
            throw new UnsupportedOperationException();
        }
    }
}
