package io.gatehouse.protocol.http2;

import io.gatehouse.exchange.CoreSettings;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.Headers;
import io.gatehouse.exchange.HttpDates;
import io.gatehouse.exchange.Response;
import io.gatehouse.exchange.ServerVersion;
import io.gatehouse.protocol.AnswerFields;
import io.gatehouse.protocol.Ascii;
import io.gatehouse.text.Octets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the header blocks of answers, in nginx's order. Like nginx it never puts a field into the client's dynamic table (RFC
 * 7541, 2.3.2): so there is no state to a connection, one writer serves a whole loop, and what stands in many answers is encoded
 * once and copied.
 */
final class BlockWriter {
    private static final int STATUSES = 1000;
    private static final int INTERNED = 128;
    /** RFC 7541, 6.3. */
    private static final int TABLE_SIZE_0 = 0x20;

    private static final AsciiString STATUS = new AsciiString(":status");
    private static final AsciiString[] KNOWN = new AsciiString[FieldName.count()];

    static {
        for (int id = 0; id < KNOWN.length; id++) {
            KNOWN[id] = new AsciiString(FieldName.nameOf(id).toLowerCase(Locale.ROOT));
        }
    }

    private final DefaultHttp2HeadersEncoder encoder =
            new DefaultHttp2HeadersEncoder(Http2HeadersEncoder.NEVER_SENSITIVE, true, 2, 0);
    private final OneField field = new OneField();
    private final EncodedFields encoded = new EncodedFields();
    private final ByteBuf out = Unpooled.buffer(1024);
    private final Octets scratch = new Octets();
    private final byte[] @Nullable [] statuses = new byte[STATUSES] @Nullable [];
    private final byte[] serverOn;
    private final byte[] serverOff;
    private final AsciiString[] names = new AsciiString[INTERNED];
    private byte[] date = {};
    private long dateSecond = -1;

    BlockWriter() {
        Arrays.fill(names, AsciiString.EMPTY_STRING);
        try {
            encoder.configuration().maxHeaderTableSize(0);
        } catch (Http2Exception impossible) {
            throw new IllegalStateException(impossible);
        }
        // The encoder tells the size of the table once; a connection tells it itself where it must.
        encode(STATUS, AsciiString.EMPTY_STRING, out);
        serverOn = constant(KNOWN[FieldName.SERVER], ServerVersion.SERVER);
        serverOff = constant(KNOWN[FieldName.SERVER], "nginx");
    }

    private void encode(AsciiString name, AsciiString value, ByteBuf to) {
        try {
            encoder.encodeHeaders(1, field.of(name, value), to);
        } catch (Http2Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * The last block; valid until the next.
     *
     * @param tableUpdate whether it begins by telling that the client's table is not used
     */
    ByteBuf block(boolean tableUpdate) {
        return out.readerIndex(tableUpdate ? 0 : 1);
    }

    private ByteBuf begin() {
        return out.clear().writeByte(TABLE_SIZE_0);
    }

    /** An interim answer. */
    void interim(int status, Headers headers) {
        begin().writeBytes(status(status));
        other(headers, -1);
    }

    /** Fields behind a body. */
    void trailers(Headers headers) {
        begin();
        other(headers, -1);
    }

    /**
     * The head of the exchange's answer. What goes into the logs with it (an absolute Location) is set in the answer.
     *
     * @param status the answer's, or what a tunnel makes of it
     */
    void head(Exchange x, int status) {
        Response response = x.response;
        AnswerFields.normalise(response);
        begin().writeBytes(status(status));
        if (!response.passServer) {
            boolean off = x.location.core.serverTokens() == CoreSettings.ServerTokens.OFF;
            out.writeBytes(off ? serverOff : serverOn);
        }
        if (!response.passDate) {
            out.writeBytes(date(x.loop.wallMillis() / 1000));
        }
        String type = AnswerFields.contentType(response);
        if (!type.isEmpty()) {
            put(FieldName.CONTENT_TYPE, type);
        }
        if (response.contentLength >= 0) {
            scratch.clear();
            scratch.putDecimal(response.contentLength);
            put(KNOWN[FieldName.CONTENT_LENGTH], scratch.array(), 0, scratch.length());
        }
        if (response.lastModifiedText != null) {
            put(FieldName.LAST_MODIFIED, response.lastModifiedText);
        } else if (response.lastModified != -1) {
            put(FieldName.LAST_MODIFIED, HttpDates.format(response.lastModified));
        }
        int location = AnswerFields.location(x);
        if (location >= 0) {
            put(FieldName.LOCATION, response.headers.value(location));
        }
        other(response.headers, location);
    }

    private void put(int id, String value) {
        scratch.clear();
        scratch.put(value);
        put(KNOWN[id], scratch.array(), 0, scratch.length());
    }

    /** A field whose value are these octets; what would not stay in line is changed where it is. */
    private void put(AsciiString name, byte[] b, int start, int end) {
        byte[] known = encoded.find(name, b, start, end);
        if (known != null) {
            out.writeBytes(known);
            return;
        }
        AnswerFields.keepInLine(b, start, end);
        int from = out.writerIndex();
        encode(name, new AsciiString(b, start, end - start, false), out);
        encoded.learn(name, b, start, end, out, from);
    }

    private void other(Headers headers, int except) {
        byte[] bytes = headers.bytes();
        int count = headers.size();
        for (int i = 0; i < count; i++) {
            int id = headers.id(i);
            if (i == except || FieldRules.isAboutConnection(id)) {
                continue;
            }
            AsciiString name =
                    id == FieldName.OTHER ? name(bytes, headers.nameStart(i), headers.nameEnd(i)) : KNOWN[id];
            put(name, bytes, headers.valueStart(i), headers.valueEnd(i));
        }
    }

    /** The name in lower case; the same again for one that is used often. */
    private AsciiString name(byte[] b, int start, int end) {
        int hash = end - start;
        for (int p = start; p < end; p++) {
            hash = hash * 31 + (b[p] | 0x20);
        }
        int slot = (hash ^ hash >>> 15) & INTERNED - 1;
        AsciiString known = names[slot];
        if (!isLower(known, b, start, end)) {
            byte[] lower = new byte[end - start];
            for (int i = 0; i < lower.length; i++) {
                lower[i] = Ascii.lower(b[start + i]);
            }
            known = new AsciiString(lower, false);
            names[slot] = known;
        }
        return known;
    }

    private static boolean isLower(AsciiString known, byte[] b, int start, int end) {
        if (known.length() != end - start) {
            return false;
        }
        byte[] lower = known.array();
        for (int i = 0; i < lower.length; i++) {
            if (lower[i] != Ascii.lower(b[start + i])) {
                return false;
            }
        }
        return true;
    }

    private byte[] status(int status) {
        int index = Math.clamp(status, 0, STATUSES - 1);
        byte[] known = statuses[index];
        if (known == null) {
            known = constant(STATUS, String.format(Locale.ROOT, "%03d", index));
            statuses[index] = known;
        }
        return known;
    }

    private byte[] constant(AsciiString name, String value) {
        ByteBuf own = Unpooled.buffer(16);
        encode(name, new AsciiString(value.getBytes(StandardCharsets.US_ASCII), false), own);
        byte[] bytes = new byte[own.readableBytes()];
        own.readBytes(bytes);
        own.release();
        return bytes;
    }

    private byte[] date(long second) {
        if (second != dateSecond) {
            date = constant(KNOWN[FieldName.DATE], HttpDates.format(second));
            dateSecond = second;
        }
        return date;
    }
}
