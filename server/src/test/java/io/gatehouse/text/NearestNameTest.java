package io.gatehouse.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {
    private static final List<String> NAMES = List.of(
            "listen",
            "location",
            "server",
            "server_name",
            "server_tokens",
            "proxy_pass",
            "proxy_set_header",
            "client_max_body_size",
            "root",
            "if",
            "map");

    @ParameterizedTest
    @CsvSource({
        "lisen, listen",
        "lsiten, listen",
        "Listen, listen",
        "servername, server_name",
        "sever_name, server_name",
        "proxy_pas, proxy_pass",
        "proxypass, proxy_pass",
        "client_max_body, client_max_body_size",
        "roto, root",
        "listen, -",
        "frobnicate, -",
        "x, -",
        "'', -",
    })
    void isWhatWasMeant(String written, String meant) {
        assertThat(NearestName.of(written, NAMES)).isEqualTo(meant.equals("-") ? null : meant);
    }
}
