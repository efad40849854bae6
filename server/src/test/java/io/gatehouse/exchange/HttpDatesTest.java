package io.gatehouse.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpDatesTest {
    private static final long EXAMPLE = 784_111_777;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sun, 06 Nov 1994 08:49:37 GMT",
                "Sunday, 06-Nov-94 08:49:37 GMT",
                "Sun Nov  6 08:49:37 1994",
                "Mon, 06 Nov 1994 08:49:37 GMT"
            })
    void theThreeFormsAreRead(String text) {
        assertThat(HttpDates.parse(text)).isEqualTo(EXAMPLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "foo",
                "Sun, 06 Nov 1994",
                "Sun, 31 Feb 1994 08:49:37 GMT",
                "Thu, 29 Feb 2001 08:49:37 GMT",
                "Sun, 06 Nov 1994 24:00:00 GMT",
                "Sun, 0x Nov 1994 08:49:37 GMT",
                "Sun, 06 Now 1994 08:49:37 GMT",
                ",",
                "     "
            })
    void whatIsNoDateIsNone(String text) {
        assertThat(HttpDates.parse(text)).isEqualTo(-1);
    }

    @Test
    void everyDateIsWrittenAsTheCalendarHasIt() {
        DateTimeFormatter calendar = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
                .withZone(ZoneOffset.UTC);
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            long seconds = random.nextLong(-2_000_000_000L, 200_000_000_000L);
            String text = HttpDates.format(seconds);
            assertThat(text).isEqualTo(calendar.format(Instant.ofEpochSecond(seconds)));
            assertThat(HttpDates.parse(text)).isEqualTo(seconds);
        }
    }
}
