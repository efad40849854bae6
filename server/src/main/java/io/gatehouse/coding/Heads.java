package io.gatehouse.coding;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.Response;

/** What coding a body means for the head of its answer. */
final class Heads {
    private static final String WEAK = "W/";

    private Heads() {}

    /** Whether the body has a coding already. */
    static boolean isCoded(Response response) {
        String coding = response.headers.get(FieldName.CONTENT_ENCODING);
        return coding != null && !coding.isEmpty();
    }

    /** RFC 9110, 7.7. */
    static boolean mayNotBeTransformed(Response response) {
        return ListField.names(response.headers, FieldName.CACHE_CONTROL, "no-transform");
    }

    /** Takes out what does not hold of the coded body: its length is not known, no ranges, and it is another one byte for byte. */
    static void transformed(Response response) {
        response.contentLength = -1;
        response.allowRanges = false;
        response.headers.remove(FieldName.ACCEPT_RANGES);
        weaken(response);
    }

    /** Makes the entity tag a weak one; what is no tag goes. */
    static void weaken(Response response) {
        String tag = response.headers.get(FieldName.ETAG);
        if (tag == null || tag.length() > 2 && tag.startsWith(WEAK)) {
            return;
        }
        if (tag.startsWith("\"")) {
            response.headers.set(FieldName.ETAG, WEAK + tag);
        } else {
            response.headers.remove(FieldName.ETAG);
        }
    }

    /** Whether the client asks by the weak form of the answer's tag, as it got it with a coded body. */
    static boolean clientHoldsWeakTag(Exchange x) {
        String tag = x.response.headers.get(FieldName.ETAG);
        String asked = x.request.get(FieldName.IF_NONE_MATCH);
        return tag != null && asked != null && asked.contains(tag.startsWith(WEAK) ? tag : WEAK + tag);
    }
}
