package io.gatehouse.protocol.http1;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.gatehouse.protocol.UriDecoder;

/**
 * Whatever bytes a client sends: nothing breaks, every way of cutting them is read the same, and no path leads above the
 * root.
 */
class Http1FuzzTest {
    @FuzzTest
    void connectionsReadBytesInOneWay(byte[] bytes) {
        Http1Reading reading = new Http1Reading(false);
        String whole = reading.of(bytes);
        assertThat(reading.byteByByte(bytes)).isEqualTo(whole);
        assertThat(reading.of(bytes, bytes.length / 3, bytes.length / 2)).isEqualTo(whole);
    }

    @FuzzTest
    void pathsStayBelowTheRoot(byte[] bytes) {
        UriDecoder decoder = new UriDecoder();
        byte[] target = new byte[bytes.length + 1];
        target[0] = '/';
        System.arraycopy(bytes, 0, target, 1, bytes.length);
        if (decoder.decode(target, 0, target.length, false, true)) {
            assertThat(decoder.path)
                    .startsWith("/")
                    .doesNotContain("//", "/./", "/../")
                    .doesNotEndWith("/..");
            assertThat(decoder.path).doesNotEndWith("/.").doesNotContain("\0");
        }
    }
}
