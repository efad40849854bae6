package io.gatehouse.protocol.http2;

import org.jspecify.annotations.Nullable;

/** Reads the frames whose few bytes come as a whole: PRIORITY, RST_STREAM, PING, WINDOW_UPDATE (RFC 9113, 6.3, 6.4, 6.7, 6.9). */
final class SmallFrames {
    private final FrameListener frames;

    SmallFrames(FrameListener frames) {
        this.frames = frames;
    }

    /** Tells what one says. Returns what is wrong with it, an error of the protocol, in nginx's words; null if it is in order. */
    @Nullable
    String read(FrameHead head, FramePart payload) {
        return switch (head.type) {
            case Frame.PRIORITY -> priority(head, payload);
            case Frame.RST_STREAM -> reset(head.stream, payload);
            case Frame.PING -> ping(head, payload);
            default -> windowUpdate(head.stream, payload.integer(0) & Integer.MAX_VALUE);
        };
    }

    private @Nullable String priority(FrameHead head, FramePart payload) {
        if (head.stream == 0) {
            return FrameRules.incorrectIdentifier("PRIORITY");
        }
        String offence = FrameRules.dependency(head, payload, "PRIORITY");
        if (offence == null) {
            frames.priority(head.stream);
        }
        return offence;
    }

    private @Nullable String reset(int stream, FramePart payload) {
        if (stream == 0) {
            return FrameRules.incorrectIdentifier("RST_STREAM");
        }
        frames.reset(stream, payload.integer(0));
        return null;
    }

    private @Nullable String ping(FrameHead head, FramePart payload) {
        if (head.stream != 0) {
            return FrameRules.incorrectIdentifier("PING");
        }
        if (head.has(Frame.ACK)) {
            frames.ignored();
        } else {
            frames.ping((long) payload.integer(0) << 32 | payload.integer(4) & 0xffffffffL);
        }
        return null;
    }

    private @Nullable String windowUpdate(int stream, int increment) {
        if (increment == 0) {
            return "client sent WINDOW_UPDATE frame with incorrect window increment 0";
        }
        frames.windowUpdate(stream, increment);
        return null;
    }
}
