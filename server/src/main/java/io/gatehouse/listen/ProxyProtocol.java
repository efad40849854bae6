package io.gatehouse.listen;

import io.gatehouse.text.Ascii;
import io.gatehouse.text.InetText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the header of the PROXY protocol, version 1 or 2, from the beginning of a connection. As nginx does, but a header that
 * comes in several pieces is waited for.
 */
public final class ProxyProtocol {
    /** No header is longer. */
    public static final int LONGEST = 4096;

    private static final int LONGEST_LINE = 107;
    private static final byte[] LINE = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SIGNATURE = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};
    private static final int HEAD = 16;
    private static final int STREAM = 1;
    private static final int INET = 1;
    private static final int INET6 = 2;

    private ProxyProtocol() {}

    /**
     * A header that is complete.
     *
     * @param length its octets; what follows belongs to the connection itself
     * @param header null if it says nothing of an address: UNKNOWN, LOCAL, or a kind that is none of ours
     */
    public record Found(int length, @Nullable ProxyHeader header) {}

    /** What came is no header; the message is a line for the log. */
    public static final class Broken extends Exception {
        private static final long serialVersionUID = 1;

        Broken(String message) {
            super(message, null, false, false);
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }

    /**
     * Looks at the first {@code count} octets of a connection.
     *
     * @return null if more must come
     */
    public static @Nullable Found read(byte[] octets, int count) throws Broken {
        if (begins(octets, count, SIGNATURE)) {
            return count < HEAD ? null : binary(octets, count);
        }
        if (!begins(octets, count, LINE)) {
            throw brokenLine(octets, count);
        }
        int most = Math.min(count, LONGEST_LINE);
        for (int i = 0; i < most; i++) {
            if (octets[i] == '\n' || octets[i] == '\r' && i + 1 < count && octets[i + 1] != '\n') {
                return line(octets, count, i);
            }
        }
        if (count >= LONGEST_LINE) {
            throw brokenLine(octets, count);
        }
        return null;
    }

    /** Whether the octets begin so, as far as they are there. */
    private static boolean begins(byte[] octets, int count, byte[] with) {
        int length = Math.min(count, with.length);
        return Arrays.equals(octets, 0, length, with, 0, length);
    }

    // ---------------------------------------------------------------- version 1

    private static Found line(byte[] octets, int count, int end) throws Broken {
        if (octets[end] != '\n' || octets[end - 1] != '\r') {
            throw brokenLine(octets, count);
        }
        String text = new String(octets, LINE.length, end - 1 - LINE.length, StandardCharsets.ISO_8859_1);
        if (text.startsWith("UNKNOWN")) {
            return new Found(end + 1, null);
        }
        String[] words = text.split(" ", -1);
        if (words.length != 5 || !words[0].equals("TCP4") && !words[0].equals("TCP6")) {
            throw brokenLine(octets, count);
        }
        int sourcePort = port(words[3]);
        int destinationPort = port(words[4]);
        if (!isAddress(words[1]) || !isAddress(words[2]) || sourcePort < 0 || destinationPort < 0) {
            throw brokenLine(octets, count);
        }
        return new Found(end + 1, new ProxyHeader(words[1], sourcePort, words[2], destinationPort, new byte[0]));
    }

    private static boolean isAddress(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != ':' && c != '.' && Ascii.hexDigit(c) < 0) {
                return false;
            }
        }
        return true;
    }

    private static int port(String text) {
        int port = 0;
        for (int i = 0; i < text.length(); i++) {
            if (!Ascii.isDigit(text.charAt(i))) {
                return -1;
            }
            port = port * 10 + text.charAt(i) - '0';
            if (port > 65_535) {
                return -1;
            }
        }
        return text.isEmpty() ? -1 : port;
    }

    private static Broken brokenLine(byte[] octets, int count) {
        int end = 0;
        while (end < count && octets[end] != '\r' && octets[end] != '\n') {
            end++;
        }
        return new Broken("broken header: \"" + new String(octets, 0, end, StandardCharsets.ISO_8859_1) + "\"");
    }

    // ---------------------------------------------------------------- version 2

    private static @Nullable Found binary(byte[] octets, int count) throws Broken {
        int version = (octets[12] & 255) >> 4;
        if (version != 2) {
            throw new Broken("unknown PROXY protocol version: " + version);
        }
        int length = HEAD + two(octets, 14);
        if (length > LONGEST) {
            throw new Broken("header is too large");
        }
        if (count < length) {
            return null;
        }
        boolean proxied = (octets[12] & 15) == 1;
        int family = (octets[13] & 255) >> 4;
        if (!proxied || (octets[13] & 15) != STREAM || family != INET && family != INET6) {
            return new Found(length, null);
        }
        int size = family == INET ? 4 : 16;
        int ports = HEAD + 2 * size;
        int end = ports + 4;
        if (end > length) {
            throw new Broken("broken header: it has no room for its addresses");
        }
        return new Found(
                length,
                new ProxyHeader(
                        InetText.of(Arrays.copyOfRange(octets, HEAD, HEAD + size)),
                        two(octets, ports),
                        InetText.of(Arrays.copyOfRange(octets, HEAD + size, ports)),
                        two(octets, ports + 2),
                        Arrays.copyOfRange(octets, end, length)));
    }

    private static int two(byte[] octets, int at) {
        return (octets[at] & 255) << 8 | octets[at + 1] & 255;
    }
}
