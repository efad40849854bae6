package io.gatehouse.exchange;

/**
 * Numbers for the field names that Gatehouse itself reads or writes, so that finding one is an integer compare. 0 is
 * every other name.
 */
public final class FieldName {
    public static final int OTHER = 0;

    private static final String[] NAMES = {
        "",
        "Host",
        "Connection",
        "Content-Length",
        "Content-Type",
        "Transfer-Encoding",
        "Expect",
        "Upgrade",
        "User-Agent",
        "Referer",
        "Range",
        "If-Range",
        "If-Modified-Since",
        "If-Unmodified-Since",
        "If-Match",
        "If-None-Match",
        "Accept-Encoding",
        "Authorization",
        "Keep-Alive",
        "X-Forwarded-For",
        "X-Real-IP",
        "Cookie",
        "TE",
        "Trailer",
        "Via",
        "Date",
        "Server",
        "Location",
        "Last-Modified",
        "ETag",
        "Accept-Ranges",
        "Content-Range",
        "Content-Encoding",
        "Cache-Control",
        "Expires",
        "Set-Cookie",
        "Vary",
        "WWW-Authenticate",
        "Refresh",
        "Link",
        "Status",
        "X-Accel-Redirect",
        "X-Accel-Expires",
        "X-Accel-Limit-Rate",
        "X-Accel-Buffering",
        "X-Accel-Charset",
        "X-Pad",
        "Proxy-Connection",
        "Proxy-Authorization",
        "HTTP2-Settings",
        "Origin",
        "X-Forwarded-Proto",
        "X-Forwarded-Host",
        "Pragma",
        "Accept",
        "Accept-Language",
        "Proxy-Authenticate",
        "Sec-WebSocket-Key",
        "Sec-WebSocket-Version",
        "Sec-WebSocket-Accept",
        "Sec-WebSocket-Protocol",
        "Age",
        "Content-Disposition",
        "Content-Language",
        "Early-Data",
        "Depth",
        "Destination",
        "Overwrite",
    };

    public static final int HOST = 1;
    public static final int CONNECTION = 2;
    public static final int CONTENT_LENGTH = 3;
    public static final int CONTENT_TYPE = 4;
    public static final int TRANSFER_ENCODING = 5;
    public static final int EXPECT = 6;
    public static final int UPGRADE = 7;
    public static final int USER_AGENT = 8;
    public static final int REFERER = 9;
    public static final int RANGE = 10;
    public static final int IF_RANGE = 11;
    public static final int IF_MODIFIED_SINCE = 12;
    public static final int IF_UNMODIFIED_SINCE = 13;
    public static final int IF_MATCH = 14;
    public static final int IF_NONE_MATCH = 15;
    public static final int ACCEPT_ENCODING = 16;
    public static final int AUTHORIZATION = 17;
    public static final int KEEP_ALIVE = 18;
    public static final int X_FORWARDED_FOR = 19;
    public static final int X_REAL_IP = 20;
    public static final int COOKIE = 21;
    public static final int TE = 22;
    public static final int TRAILER = 23;
    public static final int VIA = 24;
    public static final int DATE = 25;
    public static final int SERVER = 26;
    public static final int LOCATION = 27;
    public static final int LAST_MODIFIED = 28;
    public static final int ETAG = 29;
    public static final int ACCEPT_RANGES = 30;
    public static final int CONTENT_RANGE = 31;
    public static final int CONTENT_ENCODING = 32;
    public static final int CACHE_CONTROL = 33;
    public static final int EXPIRES = 34;
    public static final int SET_COOKIE = 35;
    public static final int VARY = 36;
    public static final int WWW_AUTHENTICATE = 37;
    public static final int REFRESH = 38;
    public static final int LINK = 39;
    public static final int STATUS = 40;
    public static final int X_ACCEL_REDIRECT = 41;
    public static final int X_ACCEL_EXPIRES = 42;
    public static final int X_ACCEL_LIMIT_RATE = 43;
    public static final int X_ACCEL_BUFFERING = 44;
    public static final int X_ACCEL_CHARSET = 45;
    public static final int X_PAD = 46;
    public static final int PROXY_CONNECTION = 47;
    public static final int PROXY_AUTHORIZATION = 48;
    public static final int HTTP2_SETTINGS = 49;
    public static final int CONTENT_DISPOSITION = 62;

    private static final int TABLE_SIZE = 512;
    private static final byte[][] LOWER = new byte[NAMES.length][];
    private static final short[] FIRST = new short[TABLE_SIZE];
    private static final short[] NEXT = new short[NAMES.length];

    static {
        for (short id = 1; id < NAMES.length; id++) {
            String name = NAMES[id];
            byte[] lower = new byte[name.length()];
            for (int i = 0; i < lower.length; i++) {
                lower[i] = lower((byte) name.charAt(i));
            }
            LOWER[id] = lower;
            int slot = slot(lower, 0, lower.length);
            NEXT[id] = FIRST[slot];
            FIRST[slot] = id;
        }
    }

    private FieldName() {}

    /** The number of the name in {@code bytes[start, end)}, compared without regard to case; {@link #OTHER} if unknown. */
    public static int idOf(byte[] bytes, int start, int end) {
        if (start >= end) {
            return OTHER;
        }
        for (int id = FIRST[slot(bytes, start, end)]; id != 0; id = NEXT[id]) {
            if (equalsLower(LOWER[id], bytes, start, end)) {
                return id;
            }
        }
        return OTHER;
    }

    /** As {@link #idOf(byte[], int, int)}, for an octet string. */
    public static int idOf(String name) {
        byte[] bytes = name.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        return idOf(bytes, 0, bytes.length);
    }

    /** The usual spelling of a known name. */
    public static String nameOf(int id) {
        return NAMES[id];
    }

    /** One more than the largest number. */
    public static int count() {
        return NAMES.length;
    }

    static boolean equalsLower(byte[] lower, byte[] bytes, int start, int end) {
        if (end - start != lower.length) {
            return false;
        }
        for (int i = 0; i < lower.length; i++) {
            if (lower(bytes[start + i]) != lower[i]) {
                return false;
            }
        }
        return true;
    }

    private static int slot(byte[] bytes, int start, int end) {
        int length = end - start;
        int hash = length * 37
                + lower(bytes[start]) * 7
                + lower(bytes[end - 1]) * 31
                + lower(bytes[start + length / 2]) * 3;
        return hash & (TABLE_SIZE - 1);
    }

    static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b | 0x20) : b;
    }
}
