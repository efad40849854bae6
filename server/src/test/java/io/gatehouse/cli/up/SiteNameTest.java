package io.gatehouse.cli.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.cli.up.SiteName.Reach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SiteNameTest {
    @ParameterizedTest
    @CsvSource({
        "localhost, LOOPBACK",
        "app.localhost, LOOPBACK",
        "127.0.0.1, LOOPBACK",
        "::1, LOOPBACK",
        "[::1], LOOPBACK",
        "nobody-knows-it.test, LOOPBACK",
        "192.168.1.5, PRIVATE",
        "10.1.2.3, PRIVATE",
        "fd00::5, PRIVATE",
        "paperclip.example.com, PUBLIC",
        "Paperclip.Example.COM., PUBLIC",
        "192.0.2.7, PUBLIC",
        "b\u00fccher.example, PUBLIC",
    })
    void aNameTellsWhoCanCome(String text, Reach reach) throws Refusal {
        assertThat(SiteName.of(text).reach()).isEqualTo(reach);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://paperclip.example.com/x | is a URL; expected the name alone, such as paperclip.example.com",
                "paperclip.example.com:8443      | has a port; expected the name alone, and --port 8443",
                "paper clip                      | is no name of a host; expected one such as paperclip.example.com",
                "-a.example                      | is no name of a host",
                "a..example                      | is no name of a host",
                "1.2.3                           | is no name of a host",
                "a;b                             | is no name of a host",
            })
    void whatIsNoNameIsToldAsWhatItIs(String text, String why) {
        assertThatThrownBy(() -> SiteName.of(text)).isInstanceOf(Refusal.class).hasMessageContaining(why);
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, true",
        "a.test, true",
        "192.168.1.5, true",
        "example.com, true",
        "intranet, false",
        "nas.local, false",
        "100.64.0.1, false"
    })
    void somebodyCertifiesItOrNobody(String text, boolean somebody) throws Refusal {
        assertThat(SiteName.of(text).isCertifiable()).isEqualTo(somebody);
    }

    @ParameterizedTest
    @CsvSource({"b\u00fccher.example, xn--bcher-kva.example", "::1, [::1]", "LOCALHOST, localhost"})
    void itStandsInAUrlAsBrowsersWriteIt(String text, String url) throws Refusal {
        assertThat(SiteName.of(text).inUrl()).isEqualTo(url);
    }
}
