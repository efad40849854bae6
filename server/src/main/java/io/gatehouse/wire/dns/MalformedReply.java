package io.gatehouse.wire.dns;

/** An answer that cannot be understood; the message is nginx's. */
final class MalformedReply extends Exception {
    private static final long serialVersionUID = 1;

    MalformedReply(String message) {
        super(message, null, false, false);
    }

    static MalformedReply isShort() {
        return new MalformedReply("short DNS response");
    }

    String message() {
        return String.valueOf(getMessage());
    }
}
