package io.gatehouse.wire.dns;

/** How a question can fail: the codes of answers (RFC 1035, 4.1.1), and the time-out. */
public final class DnsCode {
    public static final int NO_ERROR = 0;
    public static final int FORMAT_ERROR = 1;
    public static final int SERVER_FAILURE = 2;
    public static final int HOST_NOT_FOUND = 3;
    public static final int REFUSED = 5;
    public static final int TIMED_OUT = 110;

    private DnsCode() {}

    /** Number and words as nginx's log has them: {@code 3: Host not found}. */
    public static String text(int code) {
        return code + ": " + words(code);
    }

    private static String words(int code) {
        return switch (code) {
            case FORMAT_ERROR -> "Format error";
            case SERVER_FAILURE -> "Server failure";
            case HOST_NOT_FOUND -> "Host not found";
            case 4 -> "Unimplemented";
            case REFUSED -> "Operation refused";
            case TIMED_OUT -> "Operation timed out";
            default -> "Unknown error";
        };
    }
}
