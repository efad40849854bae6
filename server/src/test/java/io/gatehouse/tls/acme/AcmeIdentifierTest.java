package io.gatehouse.tls.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names and addresses as they are written, and as authorities want them. */
class AcmeIdentifierTest {
    @ParameterizedTest
    @CsvSource({
        "Example.COM, example.com",
        "bücher.example, xn--bcher-kva.example",
        "192.0.2.1, 192.0.2.1",
        "2001:DB8:0:0:0:0:0:1, 2001:db8::1",
        "[2001:db8::1], 2001:db8::1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "1:0:2:3:4:5:6:7, 1:0:2:3:4:5:6:7",
        "::, ::",
        "::1, ::1",
    })
    void hasOneForm(String said, String meant) throws InvalidIdentifier {
        assertThat(AcmeIdentifier.of(said).text()).isEqualTo(meant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "a..b",
                ".example.com",
                "example.com.",
                "a b",
                "under_score.example",
                "1.2.3",
                "1.2.3.4.5"
            })
    void refusesWhatIsNoName(String said) {
        assertThatThrownBy(() -> AcmeIdentifier.of(said)).isInstanceOf(InvalidIdentifier.class);
    }

    @Test
    void refusesAWildcardWithTheReason() {
        assertThatThrownBy(() -> AcmeIdentifier.of("*.example.com")).hasMessageContaining("dns-01");
    }

    /** RFC 8738, 6. */
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 1.2.0.192.in-addr.arpa",
        "2001:db8::1, 1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
        "example.com, example.com",
    })
    void isAskedForInAHandshake(String said, String name) throws InvalidIdentifier {
        assertThat(AcmeIdentifier.of(said).serverName()).isEqualTo(name);
    }
}
