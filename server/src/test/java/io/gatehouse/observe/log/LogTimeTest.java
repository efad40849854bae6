package io.gatehouse.observe.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;

class LogTimeTest {
    private static final long INSTANT =
            Instant.parse("2026-02-03T04:05:06.789Z").toEpochMilli();

    @Test
    void writesEveryFormInItsZone() {
        LogTime.Second second = new LogTime(TimeZone.getTimeZone("Asia/Kolkata")).at(INSTANT);

        assertThat(second.errorLog()).isEqualTo("2026/02/03 09:35:06");
        assertThat(second.local()).isEqualTo("03/Feb/2026:09:35:06 +0530");
        assertThat(second.iso8601()).isEqualTo("2026-02-03T09:35:06+05:30");
        assertThat(second.syslog()).isEqualTo("Feb  3 09:35:06");
        assertThat(second.http()).isEqualTo("Tue, 03 Feb 2026 04:05:06 GMT");
        assertThat(second.httpBytes()).asString().isEqualTo(second.http());
    }

    @Test
    void signsZonesWestOfGreenwich() {
        LogTime.Second second = new LogTime(TimeZone.getTimeZone("GMT-03:30")).at(INSTANT);

        assertThat(second.local()).endsWith(" -0330");
        assertThat(second.iso8601()).endsWith("-03:30");
    }

    @Test
    void followsSummerTime() {
        LogTime time = new LogTime(TimeZone.getTimeZone("Europe/Berlin"));

        assertThat(time.at(Instant.parse("2026-03-29T00:59:59Z").toEpochMilli()).local())
                .isEqualTo("29/Mar/2026:01:59:59 +0100");
        assertThat(time.at(Instant.parse("2026-03-29T01:00:00Z").toEpochMilli()).local())
                .isEqualTo("29/Mar/2026:03:00:00 +0200");
    }

    @Test
    void isMadeOnceASecond() {
        LogTime time = new LogTime(TimeZone.getTimeZone("UTC"));

        assertThat(time.at(INSTANT)).isSameAs(time.at(INSTANT + 100)).isNotSameAs(time.at(INSTANT + 300));
    }
}
