package io.gatehouse.protocol.http2;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;

/** One field as Netty's encoder goes over it; used again and again, so that nothing is made for each. */
final class OneField extends DefaultHttp2Headers
        implements Iterator<Map.Entry<CharSequence, CharSequence>>, Map.Entry<CharSequence, CharSequence> {
    private AsciiString name = AsciiString.EMPTY_STRING;
    private AsciiString value = AsciiString.EMPTY_STRING;
    private boolean isNext;

    OneField() {
        super(false, 2);
    }

    OneField of(AsciiString name, AsciiString value) {
        this.name = name;
        this.value = value;
        return this;
    }

    @Override
    public Iterator<Map.Entry<CharSequence, CharSequence>> iterator() {
        isNext = true;
        return this;
    }

    @Override
    public boolean hasNext() {
        return isNext;
    }

    @Override
    public Map.Entry<CharSequence, CharSequence> next() {
        if (!isNext) {
            throw new NoSuchElementException();
        }
        isNext = false;
        return this;
    }

    @Override
    public CharSequence getKey() {
        return name;
    }

    @Override
    public CharSequence getValue() {
        return value;
    }

    @Override
    public CharSequence setValue(CharSequence value) {
        throw new UnsupportedOperationException();
    }
}
