package io.gatehouse.config.directive;

import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.config.syntax.Units;
import io.gatehouse.config.syntax.Word;
import org.jspecify.annotations.Nullable;

/**
 * What nginx's caches of what was opened or loaded are told: {@code off | max=N [inactive=time] [valid=time]}, and those of open
 * files {@code [min_uses=N]}.
 *
 * @param max entries, at least 1
 * @param inactive seconds for which an entry may be unused
 * @param valid seconds for which an entry is taken without a look at its file
 * @param minUses within {@code inactive}, for an entry to be kept
 */
public record CacheArguments(int max, long inactive, long valid, int minUses) {
    /** Of a cache of certificates; null if it is off. */
    public static @Nullable CacheArguments ofLoaded(Use use) {
        return read(use, false);
    }

    /** Of a cache of open files; null if it is off. */
    public static @Nullable CacheArguments ofOpened(Use use) {
        return read(use, true);
    }

    private static @Nullable CacheArguments read(Use use, boolean opened) {
        int max = 0;
        long inactive = 10;
        long valid = 60;
        int minUses = 1;
        boolean off = false;
        for (Word word : use.arguments()) {
            String text = word.text();
            int equals = text.indexOf('=') + 1;
            String value = text.substring(equals);
            boolean good = switch (equals == 0 ? text : text.substring(0, equals)) {
                case "max=" -> (max = number(value)) > 0 || opened && max == 0;
                case "inactive=" -> (inactive = Units.seconds(value)) >= 0;
                case "valid=" -> (valid = Units.seconds(value)) >= 0;
                case "min_uses=" -> opened && (minUses = number(value)) >= 0;
                case "off" -> off = true;
                default -> false;
            };
            if (!good) {
                throw invalid(use, word, opened);
            }
        }
        if (off) {
            return null;
        }
        if (max == 0) {
            throw use.error(
                    "\"" + use.directive().name() + "\" must have " + (opened ? "" : "the ") + "\"max\" parameter");
        }
        return new CacheArguments(max, inactive, valid, minUses);
    }

    private static int number(String text) {
        long number = Units.number(text);
        return number > Integer.MAX_VALUE ? -1 : (int) number;
    }

    private static ConfigException invalid(Use use, Word word, boolean opened) {
        String name = use.directive().name();
        return use.error(
                "invalid " + (opened ? "\"" + name + "\" " : "") + "parameter \"" + word.text() + "\"",
                word,
                "expected off, or max=N inactive=time valid=time" + (opened ? " min_uses=N" : ""));
    }
}
