package io.gatehouse.exchange;

import org.jspecify.annotations.Nullable;

/** The words that nginx gives with each status. */
public final class Statuses {
    private static final @Nullable String[] REASONS = new @Nullable String[600];

    static {
        String table = """
            200 OK
            201 Created
            202 Accepted
            204 No Content
            206 Partial Content
            301 Moved Permanently
            302 Moved Temporarily
            303 See Other
            304 Not Modified
            307 Temporary Redirect
            308 Permanent Redirect
            400 Bad Request
            401 Unauthorized
            402 Payment Required
            403 Forbidden
            404 Not Found
            405 Not Allowed
            406 Not Acceptable
            407 Proxy Authentication Required
            408 Request Time-out
            409 Conflict
            410 Gone
            411 Length Required
            412 Precondition Failed
            413 Request Entity Too Large
            414 Request-URI Too Large
            415 Unsupported Media Type
            416 Requested Range Not Satisfiable
            421 Misdirected Request
            429 Too Many Requests
            500 Internal Server Error
            501 Not Implemented
            502 Bad Gateway
            503 Service Temporarily Unavailable
            504 Gateway Time-out
            505 HTTP Version Not Supported
            507 Insufficient Storage
            """;
        table.lines().forEach(line -> REASONS[Integer.parseInt(line, 0, 3, 10)] = line.substring(4));
    }

    private Statuses() {}

    /** The reason phrase of the status line; null where nginx writes the number alone. */
    public static @Nullable String reason(int status) {
        return status >= 0 && status < REASONS.length ? REASONS[status] : null;
    }

    /** The title of the error page; null where there is no page for it. */
    public static @Nullable String title(int status) {
        return switch (status) {
            case 200, 201, 202, 204, 206, 304 -> null;
            case 302 -> "302 Found";
            case 401 -> "401 Authorization Required";
            case 494 -> "400 Request Header Or Cookie Too Large";
            case 495 -> "400 The SSL certificate error";
            case 496 -> "400 No required SSL certificate was sent";
            case 497 -> "400 The plain HTTP request was sent to HTTPS port";
            default -> {
                String reason = reason(status);
                yield reason == null ? null : status + " " + reason;
            }
        };
    }
}
