package io.gatehouse.coding;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.HeaderFilter;
import io.gatehouse.exchange.Response;
import io.gatehouse.observe.log.Level;

/** Chooses how an answer is compressed, if at all, and says so in its head. */
final class CompressionFilter implements HeaderFilter {
    static final CompressionFilter ONLY = new CompressionFilter();

    private CompressionFilter() {}

    @Override
    public boolean filter(Exchange x) {
        Offers offers = x.location.settings(Offers.KEY);
        if (offers != null && !x.isSubrequest()) {
            Response response = x.response;
            switch (response.status) {
                case 200, 403, 404 -> {
                    if (!response.headerOnly || x.isHead()) {
                        compress(x, offers);
                    }
                }
                case 304 -> notModified(x, offers);
                default -> {}
            }
        }
        return true;
    }

    private static void compress(Exchange x, Offers offers) {
        Response response = x.response;
        if (Heads.isCoded(response)
                || !offers.cover(response.contentType, response.contentLength)
                || Heads.mayNotBeTransformed(response)) {
            return;
        }
        Vary.add(x);
        int chosen = offers.choose(x, response.contentType, response.contentLength, 0);
        if (!response.headerOnly) {
            chosen = begin(x, offers, chosen);
        }
        if (chosen >= 0) {
            response.headers.set(FieldName.CONTENT_ENCODING, offers.get(chosen).coding());
            Heads.transformed(response);
        }
    }

    /** Puts the compressor before the body; where there is no memory for it the next best one. Returns which it is, or -1. */
    private static int begin(Exchange x, Offers offers, int best) {
        Response response = x.response;
        int chosen = best;
        int without = 0;
        while (chosen >= 0) {
            Offer offer = offers.get(chosen);
            long memory = offer.compression().memory(response.contentLength);
            if (CodingMemory.reserve(memory)) {
                x.filterBody(CodedBody.compressing(x, offer, memory));
                return chosen;
            }
            x.log(Level.INFO, "no memory left to compress with " + offer.coding());
            without |= 1 << chosen;
            chosen = offers.choose(x, response.contentType, response.contentLength, without);
        }
        return -1;
    }

    /** A 304 has the Vary and the ETag that the 200 would have had (RFC 9110, 15.4.5). */
    private static void notModified(Exchange x, Offers offers) {
        Response response = x.response;
        Response.Representation known = response.unmodified;
        if (Heads.isCoded(response) || Heads.mayNotBeTransformed(response)) {
            return;
        }
        if (known == null) {
            // the application has judged, and does not say of what; the client's own tag tells whether it was changed
            // here
            if (Heads.clientHoldsWeakTag(x)) {
                Vary.add(x);
                Heads.weaken(response);
            }
            return;
        }
        if ((known.coding() == null || known.coding().isEmpty()) && offers.cover(known.type(), known.length())) {
            Vary.add(x);
            if (offers.choose(x, known.type(), known.length(), 0) >= 0) {
                Heads.weaken(response);
            }
        }
    }
}
