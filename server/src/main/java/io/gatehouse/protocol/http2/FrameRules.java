package io.gatehouse.protocol.http2;

import org.jspecify.annotations.Nullable;

/**
 * What the head of a frame must be that carries neither a body nor a header block (RFC 9113, 6.3 to 6.10): its length, its stream, and
 * that clients may send it.
 */
final class FrameRules {
    private FrameRules() {}

    /** What is wrong with it, in nginx's words; null if it is in order. */
    static @Nullable String offence(FrameHead head) {
        int length = head.length;
        return switch (head.type) {
            case Frame.PRIORITY -> length == 5 ? null : incorrectLength("PRIORITY", length);
            case Frame.RST_STREAM -> length == 4 ? null : incorrectLength("RST_STREAM", length);
            case Frame.PING -> length == 8 ? null : incorrectLength("PING", length);
            case Frame.WINDOW_UPDATE -> length == 4 ? null : incorrectLength("WINDOW_UPDATE", length);
            case Frame.SETTINGS -> settings(head);
            case Frame.GOAWAY ->
                length < 8
                        ? incorrectLength("GOAWAY", length)
                        : head.stream != 0 ? incorrectIdentifier("GOAWAY") : null;
            case Frame.PUSH_PROMISE -> "client sent PUSH_PROMISE frame";
            case Frame.CONTINUATION -> "client sent unexpected CONTINUATION frame";
            default -> null;
        };
    }

    private static @Nullable String settings(FrameHead head) {
        if (head.stream != 0) {
            return incorrectIdentifier("SETTINGS");
        }
        int length = head.length;
        if (head.has(Frame.ACK)) {
            return length == 0 ? null : "client sent SETTINGS frame with the ACK flag and nonzero length";
        }
        return length % 6 == 0 ? null : incorrectLength("SETTINGS", length);
    }

    /** The error that an {@link #offence} is: of a length, or of another kind. */
    static int code(FrameHead head) {
        return switch (head.type) {
            case Frame.PUSH_PROMISE, Frame.CONTINUATION -> ErrorCode.PROTOCOL_ERROR;
            case Frame.SETTINGS -> head.stream != 0 ? ErrorCode.PROTOCOL_ERROR : ErrorCode.FRAME_SIZE_ERROR;
            case Frame.GOAWAY -> head.length < 8 ? ErrorCode.FRAME_SIZE_ERROR : ErrorCode.PROTOCOL_ERROR;
            default -> ErrorCode.FRAME_SIZE_ERROR;
        };
    }

    /** What is wrong with the priority that the bytes of a frame begin with (5.3.1 of RFC 7540); null if it is in order. */
    static @Nullable String dependency(FrameHead head, FramePart part, String name) {
        return (part.integer(0) & Integer.MAX_VALUE) != head.stream
                ? null
                : "client sent " + name + " frame for stream " + head.stream + " with incorrect dependency";
    }

    static String incorrectLength(String name, int length) {
        return "client sent " + name + " frame with incorrect length " + length;
    }

    static String incorrectIdentifier(String name) {
        return "client sent " + name + " frame with incorrect identifier";
    }
}
