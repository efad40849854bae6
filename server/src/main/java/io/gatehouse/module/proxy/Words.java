package io.gatehouse.module.proxy;

import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Word;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Directives whose arguments are some of few words, each a bit. */
final class Words {
    private Words() {}

    /**
     * The sum of the bits of a use's arguments.
     *
     * @param before that of the uses before it on the level; null for none
     */
    static int sum(Use use, Map<String, Integer> bits, @Nullable Integer before) {
        int sum = before == null ? 0 : before;
        for (Word word : use.arguments()) {
            Integer bit = find(bits, word.text());
            if (bit == null) {
                throw use.error(
                        "invalid value \"" + word.text() + "\"",
                        word,
                        "expected some of: " + String.join(", ", new TreeSet<>(bits.keySet())));
            }
            if ((sum & bit) != 0) {
                use.warn("duplicate value \"" + word.text() + "\"");
            }
            sum |= bit;
        }
        return sum;
    }

    private static @Nullable Integer find(Map<String, Integer> bits, String text) {
        Integer bit = bits.get(text);
        if (bit != null) {
            return bit;
        }
        String lower = text.toLowerCase(Locale.ROOT);
        for (Map.Entry<String, Integer> entry : bits.entrySet()) {
            if (entry.getKey().toLowerCase(Locale.ROOT).equals(lower)) {
                return entry.getValue();
            }
        }
        return null;
    }
}
