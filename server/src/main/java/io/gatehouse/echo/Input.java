package io.gatehouse.echo;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;

/**
 * The bytes that a client sends, with a look ahead. Blocks its (virtual) thread; every wait has a deadline, an instant of
 * the clock of durations, after which {@link SocketTimeoutException} is thrown and nothing is lost.
 */
final class Input {
    /** The deadline that never comes. */
    static final long NEVER = Long.MAX_VALUE;

    private static final int LARGEST = 64 * 1024;
    private static final int SMALL_READ = 1024;

    private final Socket socket;
    private final InputStream stream;
    private final LongSupplier nanos;
    private byte[] buffer = new byte[2048];
    private int start;
    private int end;

    Input(Socket socket, LongSupplier nanos) throws IOException {
        this.socket = socket;
        this.stream = socket.getInputStream();
        this.nanos = nanos;
    }

    int available() {
        return end - start;
    }

    /** The byte at {@code index} of what is available. */
    int peek(int index) {
        return buffer[start + index] & 0xff;
    }

    void skip(int count) {
        start += count;
    }

    /** Takes {@code length} available bytes as an octet string. */
    String take(int length) {
        String text = new String(buffer, start, length, StandardCharsets.ISO_8859_1);
        start += length;
        return text;
    }

    /** Makes more available, at least one byte; false at the end of the stream. */
    boolean fill(long deadline) throws IOException {
        if (start == end) {
            start = 0;
            end = 0;
        } else if (end == buffer.length) {
            makeRoom();
        }
        int count = receive(buffer, end, buffer.length - end, deadline);
        end += Math.max(count, 0);
        return count > 0;
    }

    /** Reads at least one byte; -1 at the end of the stream. */
    int read(byte[] into, int offset, int length, long deadline) throws IOException {
        if (start == end) {
            if (length >= SMALL_READ) {
                return receive(into, offset, length, deadline);
            }
            if (!fill(deadline)) {
                return -1;
            }
        }
        int count = Math.min(length, end - start);
        System.arraycopy(buffer, start, into, offset, count);
        start += count;
        return count;
    }

    /** Reads a line of at most {@code max} bytes, without its end. */
    String line(int max, long deadline, String what) throws IOException {
        int length = 0;
        while (true) {
            for (; length < available(); length++) {
                if (peek(length) == '\n') {
                    boolean cr = length > 0 && peek(length - 1) == '\r';
                    String line = take(cr ? length - 1 : length);
                    skip(cr ? 2 : 1);
                    return line;
                }
            }
            if (length > max + 1) {
                throw RequestRefused.bad(what + " is longer than " + max + " bytes");
            }
            if (!fill(deadline)) {
                throw new EOFException("the client ended within " + what);
            }
        }
    }

    /**
     * Lets {@code duration} nanoseconds pass. What arrives meanwhile is kept for later; a client that ends its side is
     * taken for gone, as Node.js does, and what it waited for is not done.
     *
     * @throws RequestRefused if it sends more ahead than is kept
     */
    void pause(long duration) throws IOException {
        long until = nanos.getAsLong() + duration;
        try {
            while (available() < LARGEST) {
                if (!fill(until)) {
                    throw new EOFException("the client went away");
                }
            }
        } catch (SocketTimeoutException passed) {
            return;
        }
        throw RequestRefused.bad("more than " + LARGEST + " bytes came while an answer was waited for");
    }

    private void makeRoom() {
        byte[] into = buffer;
        if (start == 0) {
            if (buffer.length == LARGEST) {
                throw new IllegalStateException("nobody reads what arrives");
            }
            into = new byte[buffer.length * 2];
        }
        System.arraycopy(buffer, start, into, 0, end - start);
        buffer = into;
        end -= start;
        start = 0;
    }

    private int receive(byte[] into, int offset, int length, long deadline) throws IOException {
        int millis = 0;
        if (deadline != NEVER) {
            long left = deadline - nanos.getAsLong();
            if (left <= 0) {
                throw new SocketTimeoutException();
            }
            millis = (int) Math.min(Integer.MAX_VALUE, (left + 999_999) / 1_000_000);
        }
        socket.setSoTimeout(millis);
        return stream.read(into, offset, length);
    }
}
