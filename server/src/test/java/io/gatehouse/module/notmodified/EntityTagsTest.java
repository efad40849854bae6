package io.gatehouse.module.notmodified;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntityTagsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"\"a\"", "*", "\"b\", \"a\"", "\"b\",\"a\" , \"c\"", "\"a\"\t", "\"aa\",\"a\"", "W/\"b\", \"a\""
            })
    void theTagIsInTheList(String list) {
        assertThat(EntityTags.match(list, "\"a\"", false)).isTrue();
        assertThat(EntityTags.match(list, "\"a\"", true)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"b\"", "\"a", "a", "\"ab\"", "\"b\" \"a\"", "\"a\"x", ",", "W/", "\"A\""})
    void theTagIsNotInTheList(String list) {
        assertThat(EntityTags.match(list, "\"a\"", false)).isFalse();
        assertThat(EntityTags.match(list, "\"a\"", true)).isFalse();
    }

    @Test
    void weakTagsAreEqualOnlyToTheWeakComparison() {
        assertThat(EntityTags.match("W/\"a\"", "\"a\"", true)).isTrue();
        assertThat(EntityTags.match("\"a\"", "W/\"a\"", true)).isTrue();
        assertThat(EntityTags.match("W/\"a\"", "\"a\"", false)).isFalse();
    }

    @Test
    void onlyTheStarHoldsForAnAnswerWithoutTag() {
        assertThat(EntityTags.match("*", null, true)).isTrue();
        assertThat(EntityTags.match("\"a\"", null, true)).isFalse();
    }
}
