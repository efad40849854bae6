package io.gatehouse.cli.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PresetTest {
    private static final Preset PRESET = Preset.of("""
        #( for whoever changes it
        a {{one}};
        #{ x
        x;
        #{ !y
        x and not y;
        #}
        #}
            {{lines}}
        """);

    @Test
    void casesStayOrGo() {
        Map<String, String> values = Map.of("one", "1$", "lines", "b;\nc;");
        assertThat(PRESET.fill(values, Set.of("x"))).isEqualTo("a 1$;\nx;\nx and not y;\n    b;\n    c;\n");
        assertThat(PRESET.fill(values, Set.of("x", "y"))).isEqualTo("a 1$;\nx;\n    b;\n    c;\n");
        assertThat(PRESET.fill(values, Set.of())).isEqualTo("a 1$;\n    b;\n    c;\n");
    }

    @Test
    void aPlaceWithoutAValueIsADefect() {
        assertThatThrownBy(() -> PRESET.fill(Map.of("one", "1"), Set.of()))
                .hasMessageContaining("nothing is said for {{lines}}");
    }
}
