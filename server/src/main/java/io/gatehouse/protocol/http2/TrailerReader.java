package io.gatehouse.protocol.http2;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.Headers;
import io.gatehouse.observe.log.Level;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;

/** Takes the fields behind a request's body (RFC 9113, 8.1). */
final class TrailerReader implements FieldSink {
    private final Exchange exchange;
    private final Headers fields = new Headers();
    private boolean malformed;

    TrailerReader(Exchange exchange) {
        this.exchange = exchange;
    }

    Headers fields() {
        return fields;
    }

    /** Whether the request is malformed by them; that was told. */
    boolean isMalformed() {
        return malformed;
    }

    @Override
    public void field(AsciiString name, AsciiString value) {
        if (malformed) {
            return;
        }
        byte[] n = name.array();
        int start = name.arrayOffset();
        int end = start + name.length();
        byte[] v = value.array();
        int valueStart = value.arrayOffset();
        boolean underscores = exchange.server.settings().underscoresInHeaders();
        int kind = FieldRules.name(n, start, end, underscores);
        int limit = exchange.server.settings().maxHeaders();
        if (kind == FieldRules.MALFORMED
                || !FieldRules.isValue(v, valueStart, valueStart + value.length())
                || limit > 0 && fields.size() >= limit) {
            malformed = true;
            exchange.log(Level.INFO, "client sent invalid trailer: \"" + name + "\"");
        } else if (kind == FieldRules.PLAIN && FieldRules.isTrailer(FieldName.idOf(n, start, end))) {
            fields.add(text(name), text(value));
        }
    }

    private static String text(AsciiString octets) {
        return new String(octets.array(), octets.arrayOffset(), octets.length(), StandardCharsets.ISO_8859_1);
    }
}
