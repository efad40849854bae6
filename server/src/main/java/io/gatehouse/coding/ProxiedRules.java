package io.gatehouse.coding;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.HttpDates;
import io.gatehouse.exchange.Response;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code gzip_proxied}: which answers may be compressed for a request with Via. */
record ProxiedRules(Set<When> when) {
    /** Its words. */
    enum When {
        OFF("off"),
        EXPIRED("expired"),
        NO_CACHE("no-cache"),
        NO_STORE("no-store"),
        PRIVATE("private"),
        NO_LAST_MODIFIED("no_last_modified"),
        NO_ETAG("no_etag"),
        AUTH("auth"),
        ANY("any");

        private final String word;

        When(String word) {
            this.word = word;
        }

        static @Nullable When of(String word) {
            for (When one : values()) {
                if (one.word.equals(word)) {
                    return one;
                }
            }
            return null;
        }

        static String words() {
            return Arrays.stream(values()).map(one -> one.word).collect(Collectors.joining(", "));
        }
    }

    boolean allow(Exchange x) {
        if (!x.request.has(FieldName.VIA)) {
            return true;
        }
        if (when.contains(When.OFF)) {
            return false;
        }
        if (when.contains(When.ANY) || when.contains(When.AUTH) && x.request.has(FieldName.AUTHORIZATION)) {
            return true;
        }
        Response response = x.response;
        String expires = response.headers.get(FieldName.EXPIRES);
        if (expires != null) {
            return when.contains(When.EXPIRED) && isPast(x, expires);
        }
        if (response.headers.has(FieldName.CACHE_CONTROL)) {
            return says(response, When.NO_CACHE) || says(response, When.NO_STORE) || says(response, When.PRIVATE);
        }
        boolean modified = response.lastModified != -1 || response.lastModifiedText != null;
        return !(when.contains(When.NO_LAST_MODIFIED) && modified)
                && !(when.contains(When.NO_ETAG) && response.headers.has(FieldName.ETAG));
    }

    private boolean says(Response response, When directive) {
        return when.contains(directive) && ListField.names(response.headers, FieldName.CACHE_CONTROL, directive.word);
    }

    private static boolean isPast(Exchange x, String expires) {
        long until = HttpDates.parse(expires);
        String date = x.response.headers.get(FieldName.DATE);
        long now = date == null ? x.loop.wallMillis() / 1000 : HttpDates.parse(date);
        return until >= 0 && now >= 0 && until < now;
    }
}
