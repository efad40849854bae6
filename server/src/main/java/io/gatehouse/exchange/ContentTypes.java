package io.gatehouse.exchange;

import java.util.Locale;

/** The content type of an answer by the extension of its URI ({@code types}, {@code default_type}). */
public final class ContentTypes {
    private ContentTypes() {}

    public static String of(Exchange exchange) {
        return of(exchange, exchange.uri);
    }

    /** The type for the path or URI; the default for one without a known extension. A dot that begins a name begins no extension. */
    public static String of(Exchange exchange, String path) {
        CoreSettings core = exchange.location.core;
        int dot = path.lastIndexOf('.');
        if (dot > path.lastIndexOf('/') + 1) {
            String extension = path.substring(dot + 1);
            String type = core.types().get(extension);
            if (type == null) {
                type = core.types().get(extension.toLowerCase(Locale.ROOT));
            }
            if (type != null) {
                return type;
            }
        }
        return core.defaultType();
    }
}
