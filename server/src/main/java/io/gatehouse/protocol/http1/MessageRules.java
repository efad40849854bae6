package io.gatehouse.protocol.http1;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.protocol.RequestFields;

/** What the fields of a head of HTTP/1 mean together. Where two readings are possible it is refused (RFC 9112, 6.3). */
final class MessageRules {
    private MessageRules() {}

    /** Returns the status to refuse the request with, told in the error log; 0 if all is well. */
    static int check(Exchange x, RequestFields fields) {
        if (x.version > Exchange.HTTP_10 && !fields.saw(FieldName.HOST)) {
            return RequestFields.info(x, "client sent HTTP/1.1 request without \"Host\" header", 400);
        }
        int refused = fields.readLength(x);
        if (refused == 0 && fields.saw(FieldName.TRANSFER_ENCODING)) {
            refused = transferEncoding(x, fields);
        }
        return refused == 0 ? RequestFields.checkMethod(x) : refused;
    }

    private static int transferEncoding(Exchange x, RequestFields fields) {
        if (x.version < Exchange.HTTP_11) {
            return RequestFields.info(x, "client sent HTTP/1.0 request with \"Transfer-Encoding\" header", 400);
        }
        if (!fields.chunked) {
            int at = x.request.find(FieldName.TRANSFER_ENCODING);
            String unknown = "client sent unknown \"Transfer-Encoding\": \"" + x.request.value(at) + "\"";
            return RequestFields.info(x, unknown, 400);
        }
        if (fields.saysLength()) {
            String both = "client sent \"Content-Length\" and \"Transfer-Encoding\" headers at the same time";
            return RequestFields.info(x, both, 400);
        }
        return 0;
    }
}
