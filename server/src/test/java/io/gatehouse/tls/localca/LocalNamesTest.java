package io.gatehouse.tls.localca;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocalNamesTest {
    @ParameterizedTest
    @CsvSource({
        "localhost, localhost",
        "LocalHost., localhost",
        "app.localhost, app.localhost",
        "a.b.localhost, a.b.localhost",
        "paperclip.test, paperclip.test",
        "*.paperclip.test, *.paperclip.test",
        "*.test, *.test",
        "xn--bcher-kva.test, xn--bcher-kva.test",
        "127.0.0.1, 127.0.0.1",
        "127.255.0.9, 127.255.0.9",
        "10.1.2.3, 10.1.2.3",
        "172.16.0.1, 172.16.0.1",
        "172.31.255.255, 172.31.255.255",
        "192.168.178.20, 192.168.178.20",
        "169.254.1.1, 169.254.1.1",
        "::1, ::1",
        "[::1], ::1",
        "0:0:0:0:0:0:0:1, ::1",
        "::ffff:10.0.0.1, 10.0.0.1",
        "fe80::1%eth0, fe80::1",
        "fd12:3456::7, fd12:3456::7",
    })
    void areThoseThatMeanAnotherMachineEverywhere(String name, String canonical) {
        assertThat(LocalNames.canonical(name)).isEqualTo(canonical);
        assertThat(LocalNames.isLocal(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "test",
                ".test",
                "a..test",
                "*",
                "*.",
                "*.*.test",
                "a.*.test",
                "example.com",
                "localhost.example.com",
                "mylocalhost",
                "contest",
                "paperclip.test.example.com",
                "a b.test",
                "a/b.test",
                "b\u00fccher.test",
                "8.8.8.8",
                "172.15.0.1",
                "172.32.0.1",
                "192.169.0.1",
                "100.64.0.1",
                "0.0.0.0",
                "::",
                "2001:db8::1",
                "::ffff:8.8.8.8",
                "[::1",
                "127.1",
                "unix:/run/socket"
            })
    void areNoOthers(String name) {
        assertThat(LocalNames.isLocal(name)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"63, true", "64, false"})
    void haveLabelsOfAtMost63(int length, boolean local) {
        assertThat(LocalNames.isLocal("a".repeat(length) + ".test")).isEqualTo(local);
    }

    @Test
    void areOfAtMost253Octets() {
        String name = "a".repeat(60) + ".";
        String longest = name.repeat(4) + "bbbb.test";
        assertThat(longest).hasSize(253);
        assertThat(LocalNames.isLocal(longest)).isTrue();
        assertThat(LocalNames.isLocal("b" + longest)).isFalse();
    }
}
