package io.gatehouse.config.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "17, 17",
        "1k, 1024",
        "8K, 8192",
        "1m, 1048576",
        "2M, 2097152",
        "9223372036854775807, 9223372036854775807",
        "9223372036854775808, -1",
        "9007199254740991k, 9223372036854774784",
        "9007199254740992k, -1",
        "1g, -1",
        "'', -1",
        "k, -1",
        "-1, -1",
        "+1, -1",
        "1.5m, -1",
        "' 1', -1",
        "1 k, -1",
        "0x10, -1",
        "1kk, -1",
    })
    void sizes(String text, long bytes) {
        assertThat(Units.size(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"1g, 1073741824", "3G, 3221225472", "8589934591g, 9223372035781033984", "8589934592g, -1", "1t, -1"})
    void offsets(String text, long bytes) {
        assertThat(Units.offset(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({
        "60, 60000",
        "60s, 60000",
        "500ms, 500",
        "1m, 60000",
        "1m30s, 90000",
        "1m 30s, 90000",
        "1h, 3600000",
        "1d, 86400000",
        "1w2d3h4m5s6ms, 788645006",
        "1s500ms, 1500",
        "1s 500ms, 1500",
        "10 , 10000",
        "1d h, 86400000",
        "1 2, 3000",
        "0, 0",
        "1M, -1",
        "1y, -1",
        "1s1m, -1",
        "1m1m, -1",
        "1ms1s, -1",
        "1 1s, -1",
        "s, -1",
        "'', -1",
        "1x, -1",
        "-1, -1",
        "9223372036854775807ms, 9223372036854775807",
        "9223372036854775s, 9223372036854775000",
        "9223372036854776s, -1",
        "9223372036854775808ms, -1",
    })
    void milliseconds(String text, long millis) {
        assertThat(Units.millis(text)).isEqualTo(millis);
    }

    @ParameterizedTest
    @CsvSource({
        "60, 60",
        "1y, 31536000",
        "1M, 2592000",
        "1y1M1w1d1h1m1s, 34822861",
        "1d 12h, 129600",
        "1M1y, -1",
        "10ms, -1",
        "1m 1s, 61",
        "292471208677y, 9223372036837872000",
        "292471208678y, -1",
    })
    void seconds(String text, long seconds) {
        assertThat(Units.seconds(text)).isEqualTo(seconds);
    }
}
