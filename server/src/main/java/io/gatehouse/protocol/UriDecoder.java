package io.gatehouse.protocol;

import java.nio.charset.StandardCharsets;

/**
 * Decodes and normalises a path exactly as nginx does, so that locations match what they match there: %XX is decoded, dot
 * segments are resolved, slashes are merged if so wished, a fragment is cut off. What would climb above the root, %00 and
 * a broken %XX are refused.
 */
public final class UriDecoder {
    private static final int USUAL = 0;
    private static final int SLASH = 1;
    private static final int DOT = 2;
    private static final int DOT_DOT = 3;

    private byte[] out = new byte[256];
    private int length;

    /** The decoded path. */
    public String path = "";
    /** Where the arguments lie in the array, behind the question mark; -1 if there are none. */
    public int argsStart;

    public int argsEnd;

    /**
     * Decodes {@code b[start, end)}, path and query.
     *
     * @param emptyPath whether the path is missing and begins with the question mark
     */
    public boolean decode(byte[] b, int start, int end, boolean emptyPath, boolean mergeSlashes) {
        if (out.length < end - start + 1) {
            out = new byte[Math.max(end - start + 1, 2 * out.length)];
        }
        length = 0;
        argsStart = -1;
        int state = USUAL;
        if (emptyPath) {
            out[length++] = '/';
        }
        int p = start;
        while (p < end) {
            byte c = b[p++];
            if (Ascii.isPlainUri(c)) {
                state = USUAL;
                out[length++] = c;
                continue;
            }
            if (c == '?' || c == '#') {
                if (!closeSegment(state)) {
                    return false;
                }
                state = USUAL;
                if (c == '?') {
                    arguments(b, p, end);
                }
                break;
            }
            if (c == '%') {
                if (end - p < 2) {
                    return false;
                }
                int decoded = Ascii.hex(b[p]) << 4 | Ascii.hex(b[p + 1]);
                p += 2;
                if (decoded <= 0) {
                    return false;
                }
                c = (byte) decoded;
                if (c == '?' || c == '#' || c == '%') {
                    state = USUAL;
                    out[length++] = c;
                    continue;
                }
            }
            state = put(c, state, mergeSlashes);
            if (state < 0) {
                return false;
            }
        }
        if (!closeSegment(state)) {
            return false;
        }
        path = new String(out, 0, length, StandardCharsets.ISO_8859_1);
        return true;
    }

    private void arguments(byte[] b, int from, int end) {
        argsStart = from;
        argsEnd = from;
        while (argsEnd < end && b[argsEnd] != '#') {
            argsEnd++;
        }
    }

    /** One byte, decoded or not; the next state, or -1 if the path climbs above the root. */
    private int put(byte c, int state, boolean mergeSlashes) {
        if (c == '/') {
            return putSlash(state, mergeSlashes);
        }
        out[length++] = c;
        if (c != '.') {
            return USUAL;
        }
        return switch (state) {
            case SLASH -> DOT;
            case DOT -> DOT_DOT;
            default -> USUAL;
        };
    }

    private int putSlash(int state, boolean mergeSlashes) {
        switch (state) {
            case SLASH -> {
                if (!mergeSlashes) {
                    out[length++] = '/';
                }
            }
            case DOT -> length--;
            case DOT_DOT -> {
                if (!up()) {
                    return -1;
                }
            }
            default -> out[length++] = '/';
        }
        return SLASH;
    }

    /** The path ends, perhaps within a dot segment. */
    private boolean closeSegment(int state) {
        if (state == DOT) {
            length--;
        }
        return state != DOT_DOT || up();
    }

    /** Behind "/segment/..": goes back to behind the slash before the segment. */
    private boolean up() {
        int at = length - 4;
        while (at >= 0 && out[at] != '/') {
            at--;
        }
        if (at < 0) {
            return false;
        }
        length = at + 1;
        return true;
    }
}
