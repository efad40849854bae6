package io.gatehouse.module.gunzip;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.coding.Coder.Ask;
import io.gatehouse.coding.CodingException;
import io.gatehouse.testing.Decoded;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GunzipCoderTest {
    private static final String TEXT = Decoded.script(5000, 1);

    /** What comes of it when it is given in pieces of that size, each with so much room. */
    private static String decode(byte[] coded, int piece, int room) throws CodingException {
        GunzipCoder coder = new GunzipCoder();
        StringBuilder text = new StringBuilder();
        try {
            int at = 0;
            do {
                int end = Math.min(coded.length, at + piece);
                ByteBuffer in = ByteBuffer.allocateDirect(end - at)
                        .put(coded, at, end - at)
                        .flip();
                boolean whole;
                do {
                    ByteBuffer out = ByteBuffer.allocateDirect(room);
                    whole = coder.code(in, out, end == coded.length ? Ask.END : Ask.NOTHING);
                    text.append(ISO_8859_1.decode(out.flip()));
                } while (!whole);
                at = end;
            } while (at < coded.length);
        } finally {
            coder.close();
        }
        return text.toString();
    }

    /** A member with every optional part in its head. */
    private static byte[] fancy(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0x1f, (byte) 0x8b, 8, 2 | 4 | 8 | 16, 1, 2, 3, 4, 0, 3});
        out.writeBytes(new byte[] {3, 0, 'x', 'y', 'z'});
        out.writeBytes("name\0comment\0".getBytes(ISO_8859_1));
        out.writeBytes(new byte[] {0, 0});
        Deflater deflater = new Deflater(6, true);
        deflater.setInput(text.getBytes(ISO_8859_1));
        deflater.finish();
        byte[] data = new byte[text.length() + 64];
        out.write(data, 0, deflater.deflate(data));
        deflater.end();
        CRC32 check = new CRC32();
        check.update(text.getBytes(ISO_8859_1));
        for (long number : new long[] {check.getValue(), text.length()}) {
            for (int i = 0; i < 4; i++) {
                out.write((int) (number >>> 8 * i));
            }
        }
        return out.toByteArray();
    }

    private static byte[] joined(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 100, 100_000})
    void membersInPiecesOfAnySize(int piece) throws Exception {
        byte[] two = joined(fancy(TEXT), Decoded.gzip("second"));
        assertThat(decode(two, piece, 64)).isEqualTo(TEXT + "second");
        assertThat(decode(two, piece, 100_000)).isEqualTo(TEXT + "second");
        assertThat(decode(Decoded.gzip(""), piece, 64)).isEmpty();
    }

    @Test
    void whatIsCutShortIsTold() throws Exception {
        byte[] coded = Decoded.gzip(TEXT);
        for (int length = 1; length < coded.length; length += 13) {
            byte[] cut = Arrays.copyOf(coded, length);
            assertThatThrownBy(() -> decode(cut, 50, 1000)).hasMessage("inflate() returned -5 on response end");
        }
    }

    @Test
    void whatIsWrongIsTold() throws Exception {
        byte[] coded = Decoded.gzip(TEXT);
        for (int at : new int[] {0, 1, 2, 12, coded.length - 8, coded.length - 2}) {
            byte[] wrong = coded.clone();
            wrong[at] ^= 0x55;
            assertThatThrownBy(() -> decode(wrong, 100, 1000)).as("at %d", at).hasMessageStartingWith("inflate() ");
        }
        assertThatThrownBy(() -> decode(joined(coded, "trash".getBytes(ISO_8859_1)), 100, 1000))
                .hasMessageContaining("incorrect header check");
    }

    @Test
    void nothingAtAllIsNothing() throws Exception {
        assertThat(decode(new byte[0], 1, 64)).isEmpty();
    }
}
