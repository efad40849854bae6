package io.gatehouse.wire.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClientHelloFuzzTest {
    /** A name, two protocols, two suites, two groups, two versions. */
    private static final byte[] HELLO = hello();

    private static byte[] hello() {
        String extensions = "0000" + "0010" + "000e" + "00" + "000b" + text("example.com")
                + "0010" + "000e" + "000c" + "02" + text("h2") + "08" + text("http/1.1")
                + "000a" + "0006" + "0004" + "11ec" + "001d"
                + "002b" + "0005" + "04" + "0304" + "0303";
        String body =
                "0303" + "00".repeat(32) + "00" + "0004" + "1301" + "c02f" + "0100" + length(extensions) + extensions;
        String message = "0100" + length(body) + body;
        return HexFormat.of().parseHex("160301" + length(message) + message);
    }

    private static String text(String text) {
        return HexFormat.of().formatHex(text.getBytes(ISO_8859_1));
    }

    private static String length(String hex) {
        return HexFormat.of().toHexDigits((short) (hex.length() / 2));
    }

    private static ClientHello.Reading read(byte[] bytes) {
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        ClientHello.Reading reading = ClientHello.read(in);
        assertThat(in.readerIndex()).isZero();
        return reading;
    }

    @FuzzTest
    void anyBytesAreReadOrNot(byte[] bytes) {
        assertThat(read(bytes)).isNotNull();
    }

    @Test
    void allThatDecidesIsRead() {
        ClientHello hello = ((ClientHello.Reading.Read) read(HELLO)).hello();
        assertThat(hello.serverName()).isEqualTo("example.com");
        assertThat(hello.alpn()).containsExactly("h2", "http/1.1");
        assertThat(hello.ciphers()).containsExactly('\u1301', '\uc02f');
        assertThat(hello.groups()).containsExactly('\u11ec', '\u001d');
        assertThat(hello.protocols()).containsExactly('\u0304', '\u0303');
    }

    @Test
    void everyBeginningOfOneIsIncomplete() {
        for (int length = 0; length < HELLO.length; length++) {
            assertThat(read(java.util.Arrays.copyOf(HELLO, length)))
                    .as("%d bytes", length)
                    .isInstanceOf(ClientHello.Reading.Incomplete.class);
        }
    }

    /** A message may be cut into records anywhere (RFC 8446, 5.1). */
    @Test
    void oneInSeveralRecordsIsRead() {
        for (int first = 1; first < HELLO.length - 6; first++) {
            ByteBuf cut = Unpooled.buffer();
            cut.writeBytes(HELLO, 0, 3).writeShort(first).writeBytes(HELLO, 5, first);
            cut.writeBytes(HELLO, 0, 3).writeShort(HELLO.length - 5 - first);
            cut.writeBytes(HELLO, 5 + first, HELLO.length - 5 - first);
            assertThat(((ClientHello.Reading.Read) ClientHello.read(cut))
                            .hello()
                            .serverName())
                    .isEqualTo("example.com");
        }
    }

    @Test
    void whatIsChangedByChanceIsReadOrNot() {
        Random random = new Random(5);
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = HELLO.clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            assertThat(read(bytes)).isNotNull();
        }
    }
}
