package io.gatehouse.coding;

import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.Headers;
import io.gatehouse.exchange.SettingsKey;

/** Tells caches that an answer depends on Accept-Encoding: {@code Vary} (RFC 9110, 12.5.5). */
public final class Vary {
    private static final SettingsKey<Boolean> KEY = SettingsKey.of(Boolean.class);
    private static final String ACCEPT_ENCODING = "Accept-Encoding";

    private Vary() {}

    /**
     * A place offers a coding: with gzip alone {@code gzip_vary} decides, as in nginx, and with any other one caches are always
     * told.
     */
    static void offered(LocationBuild place, boolean gzip) {
        if (!gzip || place.get(ClientRules.GZIP_VARY)) {
            place.settings(KEY, true);
        }
    }

    /** Whether answers of the exchange's place tell what they depend on. */
    static boolean isTold(Exchange x) {
        return x.location.settings(KEY) != null;
    }

    /** Adds it to the answer where its place tells it and nobody has said it yet. */
    static void add(Exchange x) {
        if (!isTold(x)) {
            return;
        }
        Headers fields = x.response.headers;
        for (int i = fields.find(FieldName.VARY); i >= 0; i = fields.find(FieldName.VARY, i + 1)) {
            if (ListField.names(fields.value(i), ACCEPT_ENCODING) || ListField.names(fields.value(i), "*")) {
                return;
            }
        }
        fields.add(FieldName.VARY, ACCEPT_ENCODING);
    }
}
