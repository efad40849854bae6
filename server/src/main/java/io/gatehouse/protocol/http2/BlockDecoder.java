package io.gatehouse.protocol.http2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the header blocks of one connection in their order, by Netty's HPACK. Every block is decoded to its end, wanted or
 * not: the next ones depend on it.
 */
final class BlockDecoder extends DefaultHttp2HeadersDecoder {
    private final Fields fields = new Fields();

    BlockDecoder() {
        super(false, Integer.MAX_VALUE);
    }

    /** Hands the fields on as they are decoded, and keeps none. */
    private static final class Fields extends DefaultHttp2Headers {
        private @Nullable FieldSink sink;
        private long left;
        private int code;
        private String offence = "";

        Fields() {
            super(false, 2);
        }

        @Override
        public Http2Headers add(CharSequence name, CharSequence value) {
            if (code == ErrorCode.NO_ERROR) {
                left -= name.length() + value.length();
                if (left < 0) {
                    code = ErrorCode.ENHANCE_YOUR_CALM;
                    offence = "client sent too large header";
                } else if (name.isEmpty()) {
                    code = ErrorCode.PROTOCOL_ERROR;
                    offence = "client sent zero header name length";
                } else if (sink != null) {
                    sink.field(AsciiString.of(name), AsciiString.of(value));
                }
            }
            return this;
        }
    }

    @Override
    protected Http2Headers newHeaders() {
        return fields;
    }

    /**
     * Decodes a whole block.
     *
     * @param to takes the fields; null to drop them
     * @param limit bytes of all names and values together
     * @return the connection error that was found, {@link ErrorCode#NO_ERROR} for none
     */
    int decode(ByteBuf block, @Nullable FieldSink to, long limit) {
        fields.sink = to;
        fields.left = limit;
        fields.code = ErrorCode.NO_ERROR;
        try {
            decodeHeaders(1, block);
        } catch (Http2Exception e) {
            fields.code = ErrorCode.COMPRESSION_ERROR;
            String message = String.valueOf(e.getMessage());
            fields.offence = message.contains("illegal index value")
                    ? "client sent invalid hpack table index"
                    : message.contains("dynamic table size")
                            ? "client sent invalid table size update"
                            : "client sent invalid encoded header field";
        } finally {
            fields.sink = null;
        }
        return fields.code;
    }

    /** What was found, for the error log. */
    String offence() {
        return fields.offence;
    }
}
