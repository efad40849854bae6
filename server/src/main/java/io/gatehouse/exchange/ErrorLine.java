package io.gatehouse.exchange;

import org.jspecify.annotations.Nullable;

/**
 * A message for the error log with nginx's context behind it: what was being done, client, server, request, upstream, host,
 * referrer. Where {@code error_log_uri} says what to show of the URI, it stands wherever the URI would, and what else may
 * hold one, a referrer, is left out.
 */
final class ErrorLine {
    private static final String SCHEME_END = "://";
    private static final String UNIX = "unix:";

    private ErrorLine() {}

    static String of(Exchange x, String message) {
        Template template = x.location.core.errorLogUri();
        String shown = template == null ? null : template.eval(x);
        Exchange main = x.main();
        StringBuilder line = new StringBuilder(256).append(message);
        if (x.action != null) {
            line.append(" while ").append(x.action);
        }
        line.append(", client: ").append(main.remoteAddress);
        line.append(", server: ").append(x.server.name());
        if (!main.requestLine.isEmpty()) {
            line.append(", request: \"").append(request(main, shown)).append('"');
        }
        if (x.parent != null && shown == null) {
            line.append(", subrequest: \"").append(x.uri).append('"');
        }
        if (x.upstreamUrl != null) {
            line.append(", upstream: \"")
                    .append(upstream(x.upstreamUrl.upstreamUrl(), shown))
                    .append('"');
        }
        String hostField = main.request.get(FieldName.HOST);
        if (hostField != null) {
            line.append(", host: \"").append(hostField).append('"');
        }
        String referrer = shown == null ? main.request.get(FieldName.REFERER) : null;
        if (referrer != null) {
            line.append(", referrer: \"").append(referrer).append('"');
        }
        return line.toString();
    }

    private static String request(Exchange main, @Nullable String shown) {
        if (shown == null) {
            return main.requestLine;
        }
        int version = main.requestLine.lastIndexOf(" HTTP/");
        return main.method + ' ' + shown + (version < 0 ? "" : main.requestLine.substring(version));
    }

    /** {@code http://HOST:PORT/URI} or {@code http://unix:PATH:/URI}. */
    private static String upstream(String url, @Nullable String shown) {
        int host = url.indexOf(SCHEME_END) + SCHEME_END.length();
        int uri = url.startsWith(UNIX, host) ? url.indexOf(":/", host + UNIX.length()) + 1 : url.indexOf('/', host);
        return shown == null || uri <= 0 ? url : url.substring(0, uri) + shown;
    }
}
