package io.gatehouse.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.decoder.DecoderJNI;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Bodies with a content coding, undone by the libraries that clients use. Texts are octet strings. */
public final class Decoded {
    private Decoded() {}

    /** The whole body; the coding must have come to its end. */
    public static String whole(String coding, String body) {
        try (InputStream in = stream(coding, new ByteArrayInputStream(body.getBytes(ISO_8859_1)))) {
            return new String(in.readAllBytes(), ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a body as it comes. */
    public static InputStream stream(String coding, InputStream body) throws IOException {
        return switch (coding) {
            case "gzip" -> new GZIPInputStream(body);
            case "br" -> {
                Brotli4jLoader.ensureAvailability();
                yield new Brotli(body);
            }
            case "zstd" -> new ZstdInputStream(body).setContinuous(false);
            default -> body;
        };
    }

    public static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(text.getBytes(ISO_8859_1));
        }
        return out.toByteArray();
    }

    /** Text that compresses about as scripts do, the same for the same seed. */
    public static String script(int length, long seed) {
        java.util.Random random = new java.util.Random(seed);
        StringBuilder text = new StringBuilder(length + 64);
        while (text.length() < length) {
            text.append("function f")
                    .append(Integer.toString(random.nextInt(1 << 20), 36))
                    .append("(a,b){return a.x")
                    .append(random.nextInt(500))
                    .append("+b*")
                    .append(random.nextInt())
                    .append("}\n");
        }
        return text.substring(0, length);
    }

    /** As the library's own stream, but it gives what it has before it asks for more. */
    private static final class Brotli extends InputStream {
        private final InputStream in;
        private final DecoderJNI.Wrapper decoder = new DecoderJNI.Wrapper(4096);
        private final byte[] piece = new byte[4096];
        private ByteBuffer decoded = ByteBuffer.allocate(0);

        Brotli(InputStream in) throws IOException {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            while (!decoded.hasRemaining()) {
                if (decoder.hasOutput()) {
                    decoded = decoder.pull();
                    continue;
                }
                switch (decoder.getStatus()) {
                    case DONE -> {
                        return -1;
                    }
                    case OK, NEEDS_MORE_OUTPUT -> decoder.push(0);
                    case NEEDS_MORE_INPUT -> feed();
                    case ERROR -> throw new IOException("this is not brotli");
                }
            }
            int count = Math.min(length, decoded.remaining());
            decoded.get(into, offset, count);
            return count;
        }

        private void feed() throws IOException {
            int count = in.read(piece);
            if (count < 0) {
                throw new EOFException("brotli is cut short");
            }
            decoder.getInputBuffer().clear().put(piece, 0, count);
            decoder.push(count);
        }

        @Override
        public void close() throws IOException {
            decoder.destroy();
            in.close();
        }
    }
}
