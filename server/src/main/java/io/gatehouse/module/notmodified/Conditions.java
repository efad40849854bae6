package io.gatehouse.module.notmodified;

import io.gatehouse.exchange.CoreSettings.IfModifiedSince;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.HeaderFilter;
import io.gatehouse.exchange.HttpDates;
import io.gatehouse.exchange.Outcome;
import io.gatehouse.exchange.Response;

/** Compares what a request says about the representation it knows with the one that is about to be sent. */
final class Conditions implements HeaderFilter {
    @Override
    public boolean filter(Exchange x) {
        if (x.response.status != 200 || x.isSubrequest() || x.response.conditionsJudged) {
            return true;
        }
        if (!mayBeSent(x)) {
            x.response.clear();
            x.resume(Outcome.status(412));
            return false;
        }
        if (isKnown(x)) {
            notModified(x.response);
        }
        return true;
    }

    private static boolean mayBeSent(Exchange x) {
        String since = x.request.get(FieldName.IF_UNMODIFIED_SINCE);
        if (since != null && (x.response.lastModified == -1 || HttpDates.parse(since) < x.response.lastModified)) {
            return false;
        }
        String tags = x.request.get(FieldName.IF_MATCH);
        return tags == null || EntityTags.match(tags, x.response.headers.get(FieldName.ETAG), false);
    }

    private static boolean isKnown(Exchange x) {
        String since = x.request.get(FieldName.IF_MODIFIED_SINCE);
        String tags = x.request.get(FieldName.IF_NONE_MATCH);
        if (since == null && tags == null) {
            return false;
        }
        if (since != null && isModified(x, since)) {
            return false;
        }
        return tags == null || EntityTags.match(tags, x.response.headers.get(FieldName.ETAG), true);
    }

    private static boolean isModified(Exchange x, String since) {
        long modified = x.response.lastModified;
        IfModifiedSince rule = x.location.core.ifModifiedSince();
        if (modified == -1 || rule == IfModifiedSince.OFF) {
            return true;
        }
        long known = HttpDates.parse(since);
        return known != modified && (rule == IfModifiedSince.EXACT || known < modified);
    }

    private static void notModified(Response response) {
        response.status = 304;
        response.reason = null;
        response.headerOnly = true;
        response.unmodified = new Response.Representation(
                response.contentType, response.contentLength, response.headers.get(FieldName.CONTENT_ENCODING));
        response.contentType = null;
        response.contentLength = -1;
        response.allowRanges = false;
        response.headers.remove(FieldName.ACCEPT_RANGES);
        response.headers.remove(FieldName.CONTENT_ENCODING);
    }
}
