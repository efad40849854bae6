package io.gatehouse.echo;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/**
 * A request's body as it streams in: none, of a length, or in chunks (RFC 9112, sections 6 and 7). The first read says
 * {@code 100 Continue} to a client that waits for it.
 */
final class RequestBody {
    private static final int MAX_CHUNK_LINE = 4096;

    private final Input in;
    private final EchoSettings settings;
    private final Answer answer;
    private final boolean chunked;
    private final List<RequestHead.Field> trailers = new ArrayList<>();
    private boolean expected;
    private boolean finished;
    /** Bytes until the end of the body, or of the chunk. */
    private long left;
    /** Whether a chunk's data was read and the end of its line was not. */
    private boolean behindChunk;

    RequestBody(Input in, RequestHead head, Answer answer, EchoSettings settings) throws RequestRefused {
        this.in = in;
        this.settings = settings;
        this.answer = answer;
        List<String> codings = head.values("transfer-encoding");
        List<String> lengths = head.values("content-length");
        chunked = !codings.isEmpty();
        if (chunked) {
            if (!lengths.isEmpty() || head.minor() == 0) {
                throw RequestRefused.bad("Transfer-Encoding stands beside Content-Length, or in HTTP/1.0");
            }
            if (codings.size() > 1 || !codings.getFirst().equalsIgnoreCase("chunked")) {
                throw new RequestRefused(501, "the only transfer coding known here is chunked");
            }
        } else if (!lengths.isEmpty()) {
            left = length(lengths);
        }
        finished = !chunked && left == 0;
        expected = !finished && head.minor() == 1 && head.lists("expect", "100-continue");
    }

    private static long length(List<String> lengths) throws RequestRefused {
        String length = lengths.getFirst();
        if (lengths.size() > 1 || !length.matches("[0-9]{1,18}")) {
            throw RequestRefused.bad("Content-Length is not one number");
        }
        return Long.parseLong(length);
    }

    boolean isChunked() {
        return chunked;
    }

    /** Whether all of it was read. */
    boolean isFinished() {
        return finished;
    }

    /** What came behind a chunked body; complete when that is finished. */
    List<RequestHead.Field> trailers() {
        return trailers;
    }

    /** Reads at least one byte; -1 at the body's end. */
    int read(byte[] into) throws IOException {
        if (finished) {
            return -1;
        }
        if (expected) {
            expected = false;
            answer.interim(100, List.of());
        }
        long deadline = settings.in(settings.firstMillis());
        try {
            if (chunked && left == 0 && !nextChunk(deadline)) {
                finished = true;
                return -1;
            }
            int count = in.read(into, 0, (int) Math.min(into.length, left), deadline);
            if (count < 0) {
                throw RequestHead.cutOff();
            }
            left -= count;
            behindChunk = chunked && left == 0;
            finished = !chunked && left == 0;
            return count;
        } catch (SocketTimeoutException late) {
            throw new RequestRefused(408, "nothing of the body came for " + settings.firstMillis() + " ms");
        }
    }

    private boolean nextChunk(long deadline) throws IOException {
        if (behindChunk && !in.line(0, deadline, "the end of a chunk").isEmpty()) {
            throw RequestRefused.bad("a chunk is longer than it says");
        }
        behindChunk = false;
        String line = in.line(MAX_CHUNK_LINE, deadline, "the line of a chunk's size");
        int semicolon = line.indexOf(';');
        String size = (semicolon < 0 ? line : line.substring(0, semicolon).stripTrailing());
        if (!size.matches("[0-9a-fA-F]{1,15}")) {
            throw RequestRefused.bad("a chunk's size is not a hexadecimal number");
        }
        left = Long.parseLong(size, 16);
        if (left == 0) {
            readTrailers(deadline);
        }
        return left > 0;
    }

    private void readTrailers(long deadline) throws IOException {
        int total = 0;
        while (true) {
            String line = in.line(settings.maxHead(), deadline, "a trailer");
            if (line.isEmpty()) {
                return;
            }
            total += line.length() + 2;
            if (total > settings.maxHead()) {
                throw new RequestRefused(431, "the trailers are longer than " + settings.maxHead() + " bytes");
            }
            trailers.add(RequestHead.field(line));
        }
    }
}
