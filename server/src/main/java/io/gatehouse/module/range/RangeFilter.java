package io.gatehouse.module.range;

import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.HeaderFilter;
import io.gatehouse.exchange.HttpDates;
import io.gatehouse.exchange.Outcome;
import io.gatehouse.exchange.Response;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/** Turns a complete answer into the parts that the request asks for. */
final class RangeFilter implements HeaderFilter {
    @Override
    public boolean filter(Exchange x) {
        Response response = x.response;
        int max = x.location.core.maxRanges();
        if (x.version < Exchange.HTTP_10
                || response.status != 200
                || x.isSubrequest()
                || response.contentLength < 0
                || !response.allowRanges
                || max == 0) {
            return true;
        }
        String field = x.request.get(FieldName.RANGE);
        if (field == null || !ByteRanges.isBytes(field) || !isSame(x)) {
            response.headers.set(FieldName.ACCEPT_RANGES, "bytes");
            return true;
        }
        ByteRanges ranges = ByteRanges.read(field, response.contentLength, response.singleRange ? 1 : max);
        return switch (ranges.answer()) {
            case WHOLE -> {
                response.headers.set(FieldName.ACCEPT_RANGES, "bytes");
                yield true;
            }
            case NOT_SATISFIABLE -> refuse(x);
            case PARTS -> {
                if (ranges.count() == 1) {
                    one(x, ranges);
                } else {
                    several(x, ranges);
                }
                yield true;
            }
        };
    }

    /** Whether the parts belong to the representation of which the client has others already (If-Range). */
    private static boolean isSame(Exchange x) {
        String known = x.request.get(FieldName.IF_RANGE);
        if (known == null) {
            return true;
        }
        if (known.length() >= 2 && known.endsWith("\"")) {
            return known.equals(x.response.headers.get(FieldName.ETAG));
        }
        return x.response.lastModified != -1 && HttpDates.parse(known) == x.response.lastModified;
    }

    private static boolean refuse(Exchange x) {
        x.response.headers.set(FieldName.CONTENT_RANGE, "bytes */" + x.response.contentLength);
        x.response.contentLength = -1;
        x.response.allowRanges = false;
        x.resume(Outcome.status(416));
        return false;
    }

    private static void partial(Response response) {
        response.status = 206;
        response.reason = null;
    }

    private static void one(Exchange x, ByteRanges ranges) {
        Response response = x.response;
        partial(response);
        long total = response.contentLength;
        response.headers.set(
                FieldName.CONTENT_RANGE, "bytes " + ranges.start(0) + "-" + (ranges.end(0) - 1) + "/" + total);
        response.contentLength = ranges.end(0) - ranges.start(0);
        if (!response.headerOnly) {
            x.filterBody(new RangeBody(ranges, total, new byte[0][], new byte[0]));
        }
    }

    private static void several(Exchange x, ByteRanges ranges) {
        Response response = x.response;
        partial(response);
        response.headers.remove(FieldName.CONTENT_RANGE);
        long total = response.contentLength;
        String boundary = boundary();
        String head = "\r\n--" + boundary + "\r\n" + typeLine(response) + "Content-Range: bytes ";
        byte[][] heads = new byte[ranges.count()][];
        byte[] tail = bytes("\r\n--" + boundary + "--\r\n");
        long length = tail.length;
        for (int i = 0; i < heads.length; i++) {
            heads[i] = bytes(head + ranges.start(i) + "-" + (ranges.end(i) - 1) + "/" + total + "\r\n\r\n");
            length += heads[i].length + ranges.end(i) - ranges.start(i);
        }
        response.contentType = "multipart/byteranges; boundary=" + boundary;
        response.charset = null;
        response.contentLength = length;
        if (!response.headerOnly) {
            x.filterBody(new RangeBody(ranges, total, heads, tail));
        }
    }

    private static String typeLine(Response response) {
        String type = response.contentType;
        if (type == null || type.isEmpty()) {
            return "";
        }
        String charset = response.charset;
        boolean adds = charset != null && !charset.isEmpty() && type.indexOf(';') < 0;
        return "Content-Type: " + (adds ? type + "; charset=" + charset : type) + "\r\n";
    }

    /** Twenty digits that nobody can foresee, so that no body can be made to hold them. */
    private static String boundary() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        StringBuilder digits = new StringBuilder(20);
        for (int i = 0; i < 20; i++) {
            digits.append((char) ('0' + random.nextInt(10)));
        }
        return digits.toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
