package io.gatehouse.protocol.http1;

import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.Headers;
import io.gatehouse.protocol.Ascii;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes the framing off a chunked body (RFC 9112, 7.1), from a client or an application, as its bytes come. There is one
 * reading of every body: lines end in CR LF, sizes are hexadecimal digits and nothing else, and what is not exactly so is
 * {@link #INVALID}. Extensions are skipped, within a limit; trailers are kept, within limits.
 *
 * <p>Use: call {@link #next}; at {@link #DATA} take {@link #available} bytes from the buffer, say so by {@link #took}, and
 * call again.
 */
public final class ChunkedDecoder {
    /** All bytes were consumed; more are needed. */
    public static final int MORE = 0;
    /** The buffer is at bytes of the body. */
    public static final int DATA = 1;
    /** The body and its trailers have ended; what follows in the buffer belongs to somebody else. */
    public static final int END = 2;
    /** This is no chunked body, or it goes beyond a limit. Every further call says so again. */
    public static final int INVALID = 3;

    /** Digits of a size, leading zeros included. */
    private static final int MAX_DIGITS = 20;
    /** Bytes of all extensions of one body together. */
    private static final int MAX_EXTENSIONS = 16 * 1024;

    private static final int CHUNK_START = 0;
    private static final int SIZE = 1;
    private static final int SIZE_SPACE = 2;
    private static final int EXTENSION = 3;
    private static final int SIZE_LF = 4;
    private static final int CHUNK_DATA = 5;
    private static final int DATA_CR = 6;
    private static final int DATA_LF = 7;
    private static final int TRAILER_START = 8;
    private static final int TRAILER_LINE = 9;
    private static final int TRAILER_LF = 10;
    private static final int LAST_LF = 11;
    private static final int ENDED = 12;
    private static final int BROKEN = 13;

    private final int maxTrailerBytes;
    private final int maxTrailers;
    private int state = CHUNK_START;
    private long remaining;
    private int digits;
    private int extensions;

    private byte[] trailerBytes = {};
    private int trailerUsed;
    private int lineStart;
    private @Nullable Headers trailers;

    /**
     * @param maxTrailerBytes bytes that all trailer lines may have together
     * @param maxTrailers trailer fields there may be; 0 for no limit
     */
    public ChunkedDecoder(int maxTrailerBytes, int maxTrailers) {
        this.maxTrailerBytes = maxTrailerBytes;
        this.maxTrailers = maxTrailers;
    }

    /** Consumes framing up to the next bytes of the body, the end, or the end of the buffer. */
    public int next(ByteBuf in) {
        if (state == CHUNK_DATA && remaining == 0) {
            state = DATA_CR;
        }
        while (in.isReadable()) {
            switch (state) {
                case CHUNK_DATA -> {
                    return DATA;
                }
                case EXTENSION -> extension(in);
                case TRAILER_LINE -> trailerLine(in);
                case ENDED -> {
                    return END;
                }
                case BROKEN -> {
                    return INVALID;
                }
                default -> step(in.readByte());
            }
        }
        return switch (state) {
            case ENDED -> END;
            case BROKEN -> INVALID;
            default -> MORE;
        };
    }

    /** Bytes of the body that {@code in} holds from its reader index on; after {@link #DATA}. */
    public int available(ByteBuf in) {
        return (int) Math.min(remaining, in.readableBytes());
    }

    /** Bytes of the current chunk that are still to be taken. */
    public long remaining() {
        return remaining;
    }

    /** The caller has taken {@code count} bytes of the body. */
    public void took(int count) {
        remaining -= count;
    }

    public boolean isEnded() {
        return state == ENDED;
    }

    /** The fields behind the body; null if there were none. Fields about framing or routing are left out (RFC 9110, 6.5.1). */
    public @Nullable Headers trailers() {
        return trailers;
    }

    private void step(byte b) {
        switch (state) {
            case CHUNK_START -> {
                int digit = Ascii.hex(b);
                remaining = digit;
                digits = 1;
                state = digit < 0 ? BROKEN : SIZE;
            }
            case SIZE -> size(b);
            case SIZE_SPACE -> afterSize(b);
            case SIZE_LF -> {
                if (b != '\n') {
                    state = BROKEN;
                } else {
                    state = remaining == 0 ? TRAILER_START : CHUNK_DATA;
                }
            }
            case DATA_CR -> state = b == '\r' ? DATA_LF : BROKEN;
            case DATA_LF -> state = b == '\n' ? CHUNK_START : BROKEN;
            case TRAILER_START -> {
                lineStart = trailerUsed;
                if (b == '\r') {
                    state = LAST_LF;
                } else {
                    state = TRAILER_LINE;
                    keep(b);
                }
            }
            case TRAILER_LF -> {
                if (b == '\n') {
                    trailer();
                } else {
                    state = BROKEN;
                }
            }
            case LAST_LF -> state = b == '\n' ? ENDED : BROKEN;
            default -> state = BROKEN;
        }
    }

    private void size(byte b) {
        int digit = Ascii.hex(b);
        if (digit < 0) {
            afterSize(b);
        } else if (++digits > MAX_DIGITS || remaining > Long.MAX_VALUE / 16 - 1) {
            state = BROKEN;
        } else {
            remaining = remaining * 16 + digit;
        }
    }

    private void afterSize(byte b) {
        state = switch (b) {
            case '\r' -> SIZE_LF;
            case ';' -> EXTENSION;
            case ' ', '\t' -> ++extensions > MAX_EXTENSIONS ? BROKEN : SIZE_SPACE;
            default -> BROKEN;
        };
    }

    private void extension(ByteBuf in) {
        while (in.isReadable()) {
            byte b = in.readByte();
            if (!Ascii.isFieldText(b)) {
                state = b == '\r' ? SIZE_LF : BROKEN;
                return;
            }
            if (++extensions > MAX_EXTENSIONS) {
                state = BROKEN;
                return;
            }
        }
    }

    private void trailerLine(ByteBuf in) {
        while (in.isReadable() && state == TRAILER_LINE) {
            byte b = in.readByte();
            if (b == '\r') {
                state = TRAILER_LF;
            } else if (b == '\n') {
                state = BROKEN;
            } else {
                keep(b);
            }
        }
    }

    private void keep(byte b) {
        if (trailerUsed == maxTrailerBytes) {
            state = BROKEN;
            return;
        }
        if (trailerUsed == trailerBytes.length) {
            trailerBytes = Arrays.copyOf(trailerBytes, Math.max(128, trailerUsed * 2));
        }
        trailerBytes[trailerUsed++] = b;
    }

    /** A trailer line is complete in {@code trailerBytes[lineStart, trailerUsed)}. */
    private void trailer() {
        int colon = lineStart;
        while (colon < trailerUsed && Ascii.isToken(trailerBytes[colon])) {
            colon++;
        }
        if (colon == lineStart || colon == trailerUsed || trailerBytes[colon] != ':') {
            state = BROKEN;
            return;
        }
        int start = colon + 1;
        int end = trailerUsed;
        for (int i = start; i < end; i++) {
            if (!Ascii.isFieldText(trailerBytes[i])) {
                state = BROKEN;
                return;
            }
        }
        while (start < end && Ascii.isBlank(trailerBytes[start])) {
            start++;
        }
        while (end > start && Ascii.isBlank(trailerBytes[end - 1])) {
            end--;
        }
        Headers kept = trailers;
        if (kept == null) {
            kept = new Headers();
            trailers = kept;
        }
        if (maxTrailers > 0 && kept.size() == maxTrailers) {
            state = BROKEN;
            return;
        }
        state = TRAILER_START;
        if (mayBeTrailer(FieldName.idOf(trailerBytes, lineStart, colon))) {
            kept.rewrap(trailerBytes, trailerUsed);
            kept.addSlice(lineStart, colon, start, end);
        }
    }

    private static boolean mayBeTrailer(int id) {
        return switch (id) {
            case FieldName.CONTENT_LENGTH,
                    FieldName.TRANSFER_ENCODING,
                    FieldName.HOST,
                    FieldName.CONNECTION,
                    FieldName.KEEP_ALIVE,
                    FieldName.PROXY_CONNECTION,
                    FieldName.TE,
                    FieldName.TRAILER,
                    FieldName.UPGRADE,
                    FieldName.EXPECT,
                    FieldName.AUTHORIZATION,
                    FieldName.COOKIE,
                    FieldName.SET_COOKIE,
                    FieldName.CONTENT_TYPE,
                    FieldName.CONTENT_ENCODING,
                    FieldName.CONTENT_RANGE -> false;
            default -> true;
        };
    }
}
