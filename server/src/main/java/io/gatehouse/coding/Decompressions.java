package io.gatehouse.coding;

import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.HeaderFilter;
import io.gatehouse.exchange.Response;
import java.util.function.Supplier;

/** Undoes the coding of answers for clients that do not accept it. */
public final class Decompressions {
    private static final int PARTIAL_CONTENT = 206;
    private static final int NOT_MODIFIED = 304;
    /** Input and output together that a loop decodes of one body; far less than a millisecond. Bytes. */
    private static final int EASY_BYTES = 128 * 1024;
    /** What a decoder takes, about. Bytes. */
    private static final long MEMORY = 64 * 1024;

    private Decompressions() {}

    /**
     * What is undone.
     *
     * @param coding its name
     * @param decoder makes what undoes it, for one body
     * @param rules which clients may have it as it is
     */
    public record Rule(String coding, Supplier<Coder> decoder, ClientRules rules, Buffers buffers) {}

    public static void add(LocationBuild place, Rule rule) {
        Vary.offered(place, true);
        place.headerFilter(new Filter(rule));
    }

    private record Filter(Rule rule) implements HeaderFilter {
        @Override
        public boolean filter(Exchange x) {
            Response response = x.response;
            if (response.status == NOT_MODIFIED) {
                notModified(x);
            } else if (response.status != PARTIAL_CONTENT
                    && rule.coding.equalsIgnoreCase(response.headers.get(FieldName.CONTENT_ENCODING))
                    && !Heads.mayNotBeTransformed(response)) {
                Vary.add(x);
                if (!rule.rules.allow(x)) {
                    decode(x);
                }
            }
            return true;
        }

        private void decode(Exchange x) {
            Response response = x.response;
            if (!response.headerOnly) {
                x.filterBody(CodedBody.decompressing(x, rule.decoder::get, rule.buffers, EASY_BYTES, MEMORY));
            }
            response.headers.remove(FieldName.CONTENT_ENCODING);
            Heads.transformed(response);
        }

        /** A 304 has the Vary and the ETag that the 200 would have had (RFC 9110, 15.4.5). */
        private void notModified(Exchange x) {
            Response.Representation known = x.response.unmodified;
            if (known != null
                    && rule.coding.equalsIgnoreCase(known.coding())
                    && !Heads.mayNotBeTransformed(x.response)) {
                Vary.add(x);
                if (!rule.rules.allow(x)) {
                    Heads.weaken(x.response);
                }
            }
        }
    }
}
