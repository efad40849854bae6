package io.gatehouse.module.range;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.module.range.ByteRanges.Answer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangesTest {
    @ParameterizedTest
    @CsvSource({
        "bytes=0-8, '[0, 9]'",
        "Bytes= 0 - 8 , '[0, 9]'",
        "bytes=990-, '[990, 1000]'",
        "bytes=-10, '[990, 1000]'",
        "bytes=-2000, '[0, 1000]'",
        "bytes=990-1990, '[990, 1000]'",
        "'bytes=0-9, -10, 10-19', '[0, 10, 990, 1000, 10, 20]'",
        "'bytes=0-9,5000-,10-19', '[0, 10, 10, 20]'",
        "bytes=999-999, '[999, 1000]'",
    })
    void rangesAreCutToTheLength(String field, String bounds) {
        ByteRanges ranges = ByteRanges.read(field, 1000, Integer.MAX_VALUE);
        assertThat(ranges.answer()).isEqualTo(Answer.PARTS);
        assertThat(Arrays.toString(ranges.bounds())).isEqualTo(bounds);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bytes=1000-",
                "bytes=-0",
                "bytes=x",
                "bytes=0",
                "bytes=0-x",
                "bytes=-",
                "bytes=0-1;",
                "bytes=,",
                "bytes=0-,",
                "bytes=99999999999999999999-",
                "bytes=0-99999999999999999999",
                "bytes=5-1x",
                "bytes=--1"
            })
    void otherwiseNothingCanBeSent(String field) {
        assertThat(ByteRanges.read(field, 1000, Integer.MAX_VALUE).answer()).isEqualTo(Answer.NOT_SATISFIABLE);
    }

    @Test
    void moreThanTheWholeIsTheWhole() {
        assertThat(ByteRanges.read("bytes=0-,0-", 1000, Integer.MAX_VALUE).answer())
                .isEqualTo(Answer.WHOLE);
        String many = "bytes=0-0" + ",0-0".repeat(20);
        assertThat(ByteRanges.read(many, 1000, Integer.MAX_VALUE).answer()).isEqualTo(Answer.WHOLE);
        assertThat(ByteRanges.read(many, 1000, 50).answer()).isEqualTo(Answer.PARTS);
    }

    @Test
    void moreThanAllowedIsTheWhole() {
        assertThat(ByteRanges.read("bytes=0-1,3-4", 1000, 2).answer()).isEqualTo(Answer.PARTS);
        assertThat(ByteRanges.read("bytes=0-1,3-4,6-7", 1000, 2).answer()).isEqualTo(Answer.WHOLE);
    }

    @Test
    void nothingHasNoParts() {
        assertThat(ByteRanges.read("bytes=0-", 0, Integer.MAX_VALUE).answer()).isEqualTo(Answer.WHOLE);
        assertThat(ByteRanges.read("bytes=1-", 0, Integer.MAX_VALUE).answer()).isEqualTo(Answer.NOT_SATISFIABLE);
    }
}
