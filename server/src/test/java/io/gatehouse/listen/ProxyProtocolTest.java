package io.gatehouse.listen;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.listen.ProxyProtocol.Found;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyProtocolTest {
    private static final String SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";
    private static final String ADDRESSES = "\u00c0\0\u0002\u0001\u00c0\0\u0002\u0002\0{\u0016\u002e";

    private static Found read(String octets) throws Exception {
        return Objects.requireNonNull(ProxyProtocol.read(octets.getBytes(ISO_8859_1), octets.length()), "more");
    }

    private static String binary(char command, char family, String rest) {
        return SIGNATURE + command + family + (char) (rest.length() >> 8) + (char) (rest.length() & 255) + rest;
    }

    private static String tlv(int type, String value) {
        return "" + (char) type + (char) (value.length() >> 8) + (char) (value.length() & 255) + value;
    }

    private static ProxyHeader header(String octets) throws Exception {
        return Objects.requireNonNull(read(octets).header());
    }

    @Test
    void versionOneTellsBothEnds() throws Exception {
        String line = "PROXY TCP4 192.0.2.1 192.0.2.2 123 5678\r\n";
        assertThat(read(line + "GET /").length()).isEqualTo(line.length());
        ProxyHeader v4 = header(line);
        assertThat(v4.sourceAddress()).isEqualTo("192.0.2.1");
        assertThat(v4.sourcePort()).isEqualTo(123);
        assertThat(v4.destinationAddress()).isEqualTo("192.0.2.2");
        assertThat(v4.destinationPort()).isEqualTo(5678);
        assertThat(header("PROXY TCP6 2001:Db8::1 ::2 0 65535\r\n").sourceAddress())
                .isEqualTo("2001:Db8::1");
        assertThat(read("PROXY UNKNOWN\r\n").header()).isNull();
        assertThat(read("PROXY UNKNOWN 1 2 3 4\r\nGET").length()).isEqualTo(23);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n",
                "PROXY TCP5 192.0.2.1 192.0.2.2 123 5678\r\n",
                "PROXY TCP4 192.0.2.1 192.0.2.2 123 65536\r\n",
                "PROXY TCP4 192.0.2.1 192.0.2.2 123 -1\r\n",
                "PROXY TCP4 192.0.2.1 192.0.2.2 123\r\n",
                "PROXY TCP4 192.0.2.1 192.0.2.2 123 5678 9\r\n",
                "PROXY TCP4 host 192.0.2.2 123 5678\r\n",
                "PROXY TCP4 192.0.2.1 192.0.2.2 123 5678\n",
                "PROXY TCP4 192.0.2.1 192.0.2.2 123 5678\r\r\n",
                "PROXY  TCP4 192.0.2.1 192.0.2.2 123 5678\r\n",
                "proxy tcp4 192.0.2.1 192.0.2.2 123 5678\r\n",
            })
    void whatIsNoLineIsBroken(String octets) {
        String shown = octets.substring(0, octets.indexOf(octets.contains("\r") ? '\r' : '\n'));
        assertThatThrownBy(() -> read(octets))
                .isInstanceOf(ProxyProtocol.Broken.class)
                .hasMessage("broken header: \"" + shown + "\"");
    }

    @Test
    void aLineThatNeverEndsIsBroken() throws Exception {
        String begun = "PROXY UNKNOWN " + "x".repeat(92);
        assertThat(ProxyProtocol.read(begun.getBytes(ISO_8859_1), begun.length()))
                .isNull();
        assertThatThrownBy(() -> read(begun + "x")).isInstanceOf(ProxyProtocol.Broken.class);
    }

    @Test
    void versionTwoTellsBothEnds() throws Exception {
        String whole = binary('\u0021', '\u0011', ADDRESSES);
        assertThat(read(whole + "GET /").length()).isEqualTo(28);
        ProxyHeader v4 = header(whole);
        assertThat(v4.sourceAddress()).isEqualTo("192.0.2.1");
        assertThat(v4.sourcePort()).isEqualTo(123);
        assertThat(v4.destinationAddress()).isEqualTo("192.0.2.2");
        assertThat(v4.destinationPort()).isEqualTo(5678);
        String far = "\u0020\u0001\r\u00b8" + "\0".repeat(11) + "\u0001";
        assertThat(header(binary('\u0021', '\u0021', far + far + "\0\0\0\u0001"))
                        .sourceAddress())
                .isEqualTo("2001:db8::1");
    }

    @Test
    void whatIsNoneOfOursIsPassedOver() throws Exception {
        assertThat(read(binary('\u0020', '\0', "")).header()).isNull();
        assertThat(read(binary('\u0021', '\u0012', ADDRESSES)).header()).isNull();
        assertThat(read(binary('\u0021', '\u0031', "x".repeat(216))).length()).isEqualTo(232);
    }

    @Test
    void whatIsNoVersionTwoIsBroken() {
        assertThatThrownBy(() -> read(binary('\u0031', '\u0011', ADDRESSES)))
                .hasMessage("unknown PROXY protocol version: 3");
        assertThatThrownBy(() -> read(binary('\u0021', '\u0011', "x".repeat(5000))))
                .hasMessage("header is too large");
        assertThatThrownBy(() -> read(binary('\u0021', '\u0011', "short"))).isInstanceOf(ProxyProtocol.Broken.class);
    }

    @Test
    void furtherValuesAreFoundByNameAndNumber() throws Exception {
        String ssl = "\u0001\0\0\0\u00ff" + tlv(0x21, "TLSv1.2") + tlv(0x22, "example.com");
        ProxyHeader header =
                header(binary('\u0021', '\u0011', ADDRESSES + tlv(1, "h2") + tlv(0x20, ssl) + tlv(0xae, "own")));
        assertThat(header.tlv("alpn")).isEqualTo("h2");
        assertThat(header.tlv("0x01")).isEqualTo("h2");
        assertThat(header.tlv("0x000ae")).isEqualTo("own");
        assertThat(header.tlv("0x1ae")).isNull();
        assertThat(header.tlv("authority")).isNull();
        assertThat(header.tlv("ssl")).isEqualTo(ssl);
        assertThat(header.tlv("ssl_verify")).isEqualTo("255");
        assertThat(header.tlv("ssl_version")).isEqualTo("TLSv1.2");
        assertThat(header.tlv("ssl_0x22")).isEqualTo("example.com");
        assertThat(header.tlv("ssl_cipher")).isNull();
        assertThatThrownBy(() -> header.tlv("other")).hasMessage("unknown PROXY protocol TLV \"other\"");
        assertThatThrownBy(() -> header.tlv("0xg")).hasMessage("invalid PROXY protocol TLV \"0xg\"");
        ProxyHeader cut = header(binary('\u0021', '\u0011', ADDRESSES + tlv(1, "h2") + "\u0002\0"));
        assertThat(cut.tlv("alpn")).isEqualTo("h2");
        assertThatThrownBy(() -> cut.tlv("authority")).hasMessage("broken PROXY protocol TLV");
    }
}
