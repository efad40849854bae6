package io.gatehouse.module.proxy;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.Headers;
import io.gatehouse.exchange.HttpDates;
import io.gatehouse.exchange.Response;
import io.gatehouse.exchange.Statuses;
import io.gatehouse.observe.log.Level;
import io.gatehouse.protocol.http1.UpstreamHead;
import org.jspecify.annotations.Nullable;

/**
 * Understands the fields of an application's answer and makes the client's answer of them. One object for one answer; nginx's
 * table of fields decides.
 */
final class AnswerHead {
    /** No length was said. */
    static final long NO_LENGTH = -1;

    private final Exchange x;
    private final ProxySettings settings;
    private final UpstreamHead head;

    long contentLength = NO_LENGTH;
    boolean chunked;
    /** Whether the application closes the connection after this answer. */
    boolean close;

    boolean buffering;
    private int redirect = -1;
    private int limitRate = -1;
    private int charset = -1;
    /** Known names seen so far, as bits. */
    private long seen;

    private long seenHigh;

    AnswerHead(Exchange x, ProxySettings settings, UpstreamHead head) {
        this.x = x;
        this.settings = settings;
        this.head = head;
    }

    /** Reads every field. Returns false if there is no safe way to understand them (logged in nginx's words). */
    boolean read() {
        buffering = settings.buffering;
        close = !head.isHttp11();
        Headers fields = head.fields();
        for (int i = 0; i < fields.size(); i++) {
            int id = fields.id(i);
            switch (id) {
                case FieldName.OTHER -> {}
                case FieldName.CONTENT_LENGTH -> {
                    if (!contentLength(fields, i)) {
                        return false;
                    }
                }
                case FieldName.TRANSFER_ENCODING -> {
                    if (!transferEncoding(fields, i)) {
                        return false;
                    }
                }
                case FieldName.CONNECTION -> close |= contains(fields, i, "close");
                case FieldName.STATUS,
                        FieldName.CONTENT_TYPE,
                        FieldName.DATE,
                        FieldName.LAST_MODIFIED,
                        FieldName.ETAG,
                        FieldName.SERVER,
                        FieldName.LOCATION,
                        FieldName.REFRESH,
                        FieldName.EXPIRES,
                        FieldName.X_ACCEL_EXPIRES -> i -= dropIfRepeated(fields, i, id);
                case FieldName.X_ACCEL_REDIRECT -> {
                    int dropped = dropIfRepeated(fields, i, id);
                    redirect = dropped == 0 ? i : redirect;
                    i -= dropped;
                }
                case FieldName.X_ACCEL_LIMIT_RATE -> {
                    int dropped = dropIfRepeated(fields, i, id);
                    limitRate = dropped == 0 ? i : limitRate;
                    i -= dropped;
                }
                case FieldName.X_ACCEL_BUFFERING -> buffering(fields, i);
                case FieldName.X_ACCEL_CHARSET -> charset = i;
                default -> {}
            }
        }
        if (chunked) {
            contentLength = NO_LENGTH;
        }
        return true;
    }

    private boolean contentLength(Headers fields, int i) {
        int first = fields.find(FieldName.CONTENT_LENGTH);
        if (first < i) {
            x.log(Level.ERROR, repeated(fields, i, first));
            return false;
        }
        if (chunked) {
            return both();
        }
        contentLength = number(fields, i);
        if (contentLength < 0) {
            x.log(Level.ERROR, "upstream sent invalid \"Content-Length\" header: \"" + line(fields, i) + "\"");
            return false;
        }
        return true;
    }

    private boolean transferEncoding(Headers fields, int i) {
        int first = fields.find(FieldName.TRANSFER_ENCODING);
        if (first < i) {
            x.log(Level.ERROR, repeated(fields, i, first));
            return false;
        }
        if (contentLength >= 0) {
            return both();
        }
        if (!fields.value(i).equalsIgnoreCase("chunked")) {
            x.log(Level.ERROR, "upstream sent unknown \"Transfer-Encoding\": \"" + fields.value(i) + "\"");
            return false;
        }
        chunked = true;
        return true;
    }

    private boolean both() {
        x.log(Level.ERROR, "upstream sent \"Content-Length\" and \"Transfer-Encoding\" headers at the same time");
        return false;
    }

    /** Of fields that stand alone the first one counts. Returns how many fields were removed. */
    private int dropIfRepeated(Headers fields, int i, int id) {
        long bit = 1L << (id & 63);
        if (id < 64 ? (seen & bit) == 0 : (seenHigh & bit) == 0) {
            if (id < 64) {
                seen |= bit;
            } else {
                seenHigh |= bit;
            }
            return 0;
        }
        if (x.isLogged(Level.WARN)) {
            x.log(Level.WARN, repeated(fields, i, fields.find(id)) + ", ignored");
        }
        fields.removeAt(i);
        return 1;
    }

    private static String repeated(Headers fields, int i, int first) {
        return "upstream sent duplicate header line: \"" + line(fields, i) + "\", previous value: \""
                + line(fields, first) + "\"";
    }

    private static String line(Headers fields, int i) {
        return fields.name(i) + ": " + fields.value(i);
    }

    private void buffering(Headers fields, int i) {
        if (settings.rules.ignores(AnswerRules.IGNORE_BUFFERING)) {
            return;
        }
        String value = fields.value(i);
        if (value.equalsIgnoreCase("no")) {
            buffering = false;
        } else if (value.equalsIgnoreCase("yes")) {
            buffering = true;
        }
    }

    /** Where the application wants the request answered instead (X-Accel-Redirect), or null. */
    @Nullable
    String redirect() {
        return redirect < 0 || settings.rules.ignores(AnswerRules.IGNORE_REDIRECT)
                ? null
                : head.fields().value(redirect);
    }

    /** Makes the client's answer. */
    void apply() {
        Response response = x.response;
        Headers fields = head.fields();
        Headers out = response.headers;
        if (out.size() == 0) {
            out.wrap(fields.bytes(), head.end());
        }
        AnswerRules rules = settings.rules;
        for (int i = 0, size = fields.size(); i < size; i++) {
            if (!rules.hides(fields, i)) {
                copy(fields, i, out);
            }
        }
        response.passServer = !rules.hides(FieldName.SERVER);
        response.passDate = !rules.hides(FieldName.DATE);
        response.status = head.status();
        String usual = Statuses.reason(head.status());
        response.reason = usual != null && head.reasonEquals(usual) ? null : head.reason();
        response.contentLength = contentLength;
        response.allowRanges = settings.forceRanges;
        // the body passes piece by piece, so that parts of it cannot be sent in another order
        response.singleRange = settings.forceRanges;
        response.unbuffered = !buffering;
        response.conditionsJudged = true;
        if (limitRate >= 0) {
            limitRate(fields);
        }
        if (charset >= 0 && !rules.ignores(AnswerRules.IGNORE_CHARSET)) {
            response.charset = fields.value(charset);
        }
    }

    /** Passes on what an internal redirect keeps of an answer (X-Accel-Redirect). */
    void applyForRedirect() {
        Headers fields = head.fields();
        for (int i = 0; i < fields.size(); i++) {
            switch (fields.id(i)) {
                case FieldName.CONTENT_TYPE,
                        FieldName.SET_COOKIE,
                        FieldName.CONTENT_DISPOSITION,
                        FieldName.CACHE_CONTROL,
                        FieldName.EXPIRES,
                        FieldName.ACCEPT_RANGES -> copy(fields, i, x.response.headers);
                default -> {}
            }
        }
        if (limitRate >= 0) {
            limitRate(fields);
        }
        if (charset >= 0 && !settings.rules.ignores(AnswerRules.IGNORE_CHARSET)) {
            x.response.charset = fields.value(charset);
        }
    }

    private void limitRate(Headers fields) {
        long rate = number(fields, limitRate);
        if (rate >= 0 && !settings.rules.ignores(AnswerRules.IGNORE_LIMIT_RATE)) {
            x.response.limitRate = rate;
            x.response.limitRateSet = true;
        }
    }

    private void copy(Headers fields, int i, Headers out) {
        switch (fields.id(i)) {
            case FieldName.CONTENT_LENGTH, FieldName.TRANSFER_ENCODING, FieldName.CONNECTION, FieldName.KEEP_ALIVE -> {}
            case FieldName.CONTENT_TYPE -> x.response.contentType = fields.value(i);
            case FieldName.LAST_MODIFIED -> lastModified(fields.value(i));
            case FieldName.LOCATION -> location(fields, i, out);
            case FieldName.REFRESH -> refresh(fields, i, out);
            case FieldName.SET_COOKIE -> cookie(fields, i, out);
            case FieldName.ACCEPT_RANGES -> {
                if (!settings.forceRanges) {
                    out.addFrom(fields, i);
                }
            }
            case FieldName.UPGRADE -> {
                if (x.version < Exchange.HTTP_20) {
                    out.addFrom(fields, i);
                }
            }
            default -> out.addFrom(fields, i);
        }
    }

    private void lastModified(String text) {
        x.response.lastModifiedText = text;
        if (settings.forceRanges) {
            x.response.lastModified = HttpDates.parse(text);
        }
    }

    private void location(Headers fields, int i, Headers out) {
        String made =
                settings.redirects.isEmpty() ? null : ValueRewrite.first(settings.redirects, x, fields.value(i), 0);
        if (made != null) {
            out.add(FieldName.LOCATION, made);
            return;
        }
        // That of a redirect of our own, which an error page has led here, is still to be made absolute.
        x.response.relativeLocation = !out.has(FieldName.LOCATION);
        out.addFrom(fields, i);
    }

    private void refresh(Headers fields, int i, Headers out) {
        if (!settings.redirects.isEmpty()) {
            String value = fields.value(i);
            int url = indexOfUrl(value);
            String made = url < 0 ? null : ValueRewrite.first(settings.redirects, x, value, url);
            if (made != null) {
                out.add(FieldName.REFRESH, made);
                return;
            }
        }
        out.addFrom(fields, i);
    }

    /** Where the URL of a Refresh begins, or -1. */
    private static int indexOfUrl(String value) {
        for (int i = 0; i + 4 <= value.length(); i++) {
            if (value.regionMatches(true, i, "url=", 0, 4)) {
                return i + 4;
            }
        }
        return -1;
    }

    private void cookie(Headers fields, int i, Headers out) {
        String made = settings.cookies.isEmpty() ? null : settings.cookies.apply(x, fields.value(i));
        if (made == null) {
            out.addFrom(fields, i);
        } else {
            out.add(FieldName.SET_COOKIE, made);
        }
    }

    /** A number in digits only, or -1. */
    private static long number(Headers fields, int i) {
        byte[] bytes = fields.bytes();
        int start = fields.valueStart(i);
        int end = fields.valueEnd(i);
        if (start == end || end - start > 18) {
            return -1;
        }
        long number = 0;
        for (int at = start; at < end; at++) {
            int digit = bytes[at] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    private static boolean contains(Headers fields, int i, String lower) {
        byte[] bytes = fields.bytes();
        int last = fields.valueEnd(i) - lower.length();
        for (int at = fields.valueStart(i); at <= last; at++) {
            int k = 0;
            while (k < lower.length() && (bytes[at + k] | 0x20) == lower.charAt(k)) {
                k++;
            }
            if (k == lower.length()) {
                return true;
            }
        }
        return false;
    }
}
