package io.gatehouse.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.UnixDomainSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SocketNameTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1:80",
        "::1, [::1]:80",
        "::, [::]:80",
        "fe80::1:0:0:1, '[fe80::1:0:0:1]:80'",
        "2001:db8:0:0:1:0:0:1, '[2001:db8::1:0:0:1]:80'",
        "1:0:0:2:0:0:0:3, '[1:0:0:2::3]:80'",
        "1:2:3:4:5:6:7:0, '[1:2:3:4:5:6:7:0]:80'",
        "1:2:3:4:5:6:0:0, '[1:2:3:4:5:6::]:80'",
        "::10.1.2.3, '[::10.1.2.3]:80'",
    })
    void addressesAreWrittenAsNginxDoes(String host, String name) throws Exception {
        assertThat(SocketName.of(new java.net.InetSocketAddress(java.net.InetAddress.getByName(host), 80)))
                .isEqualTo(name);
    }

    @Test
    void unixSocketsHaveAPath() {
        assertThat(SocketName.of(UnixDomainSocketAddress.of("/run/app.sock"))).isEqualTo("unix:/run/app.sock");
    }
}
