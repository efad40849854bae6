package io.gatehouse.config.directive;

import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.config.syntax.Units;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.Template;
import java.nio.file.Path;
import java.util.Map;

/** How usual arguments are read, with nginx's messages. */
public final class Arguments {
    private Arguments() {}

    /** {@code on} or {@code off}. */
    public static final ArgumentReader<Boolean> FLAG = use -> {
        String text = use.text(0).toLowerCase(java.util.Locale.ROOT);
        return switch (text) {
            case "on" -> true;
            case "off" -> false;
            default ->
                throw use.error(
                        "invalid value \"" + use.text(0) + "\" in \""
                                + use.directive().name() + "\" directive, it must be \"on\" or \"off\"",
                        use.arguments().get(0));
        };
    };

    /** A size in bytes that fits into memory: {@code 4k}, {@code 1m}. */
    public static final ArgumentReader<Integer> SIZE =
            use -> size(use, use.arguments().get(0));

    /** A size in bytes of something on disk or on the wire: {@code 1g} too. */
    public static final ArgumentReader<Long> OFFSET = use -> {
        long bytes = Units.offset(use.text(0));
        if (bytes < 0) {
            throw invalid(
                    use,
                    "invalid value",
                    use.arguments().get(0),
                    "a size is a number of bytes, or has k, m or g behind it: 8k, 10m, 1g");
        }
        return bytes;
    };

    /** A time in milliseconds: {@code 500ms}, {@code 30s}, {@code 1h30m}; a bare number is seconds. */
    public static final ArgumentReader<Long> MILLIS =
            use -> millis(use, use.arguments().get(0));

    /** A time in seconds: {@code 30s}, {@code 1d}. */
    public static final ArgumentReader<Long> SECONDS =
            use -> seconds(use, use.arguments().get(0));

    /** A number that is not negative. */
    public static final ArgumentReader<Integer> NUMBER =
            use -> number(use, use.arguments().get(0));

    /** Text as it stands. */
    public static final ArgumentReader<String> TEXT = use -> use.text(0);

    /** Text with variables. */
    public static final ArgumentReader<Template> TEMPLATE =
            use -> use.template(use.arguments().get(0));

    /** A path under the prefix. */
    public static final ArgumentReader<Path> PREFIX_PATH = use -> use.prefixPath(use.text(0));

    /** A folder under the prefix, and how many digits the names of folders within it have, on up to three levels. */
    public static final ArgumentReader<Path> TEMP_PATH = use -> {
        for (Word level : use.arguments().subList(1, use.count())) {
            if (!level.text().matches("0*[1-9][0-9]{0,2}")) {
                throw invalid(use, "invalid value", level, "a level is a number of digits, 1 or more");
            }
        }
        return use.prefixPath(use.text(0));
    };

    /** Accepts whatever is written, for directives without a meaning here. */
    public static final ArgumentReader<Boolean> IGNORED = use -> true;

    /**
     * For a directive without a meaning here: what is no number, size, time or flag is refused where {@code example} is one, as it
     * is more often a semicolon that is missing than a value.
     */
    public static ArgumentReader<Boolean> ignoredLike(String example) {
        if (example.equals("on") || example.equals("off")) {
            return FLAG;
        } else if (example.matches("[0-9]+(ms|s)")) {
            return checkedBy(MILLIS);
        } else if (example.matches("[0-9]+[kmM]")) {
            ArgumentReader<Boolean> size = checkedBy(OFFSET);
            return use -> use.text(0).equals("off") || size.read(use);
        } else if (!example.matches("[0-9]+")) {
            return IGNORED;
        }
        return use -> {
            // some of nginx's numbers are sizes, and a priority may be negative
            if (!use.text(0).matches("-?[0-9]+[kKmMgG]?")) {
                throw invalid(use, "invalid number", use.arguments().get(0), "expected a number");
            }
            return true;
        };
    }

    private static ArgumentReader<Boolean> checkedBy(ArgumentReader<?> reader) {
        return use -> {
            var _ = reader.read(use);
            return true;
        };
    }

    /** One of few words. */
    public static <T> ArgumentReader<T> oneOf(Map<String, T> words) {
        return use -> {
            T value = words.get(use.text(0));
            if (value == null) {
                throw use.error(
                        "invalid value \"" + use.text(0) + "\"",
                        use.arguments().get(0),
                        "expected one of: " + String.join(", ", new java.util.TreeSet<>(words.keySet())));
            }
            return value;
        };
    }

    public static int size(Use use, Word word) {
        long bytes = Units.size(word.text());
        if (bytes < 0 || bytes > Integer.MAX_VALUE) {
            throw invalid(
                    use, "invalid value", word, "a size is a number of bytes, or has k or m behind it: 512, 8k, 1m");
        }
        return (int) bytes;
    }

    public static long millis(Use use, Word word) {
        long millis = Units.millis(word.text());
        if (millis < 0) {
            throw invalid(
                    use,
                    "invalid value",
                    word,
                    "a time is a number of seconds, or has ms, s, m, h, d, w, M or y behind it: 500ms, 30s, 1h30m");
        }
        return millis;
    }

    public static long seconds(Use use, Word word) {
        long seconds = Units.seconds(word.text());
        if (seconds < 0) {
            throw invalid(
                    use,
                    "invalid value",
                    word,
                    "a time is a number of seconds, or has s, m, h, d, w, M or y behind it: 30s, 1h30m");
        }
        return seconds;
    }

    public static int number(Use use, Word word) {
        String text = word.text();
        try {
            int number = Integer.parseInt(text);
            if (number >= 0 && text.charAt(0) != '+') {
                return number;
            }
        } catch (NumberFormatException notOne) {
            // told below, with the place
        }
        throw invalid(use, "invalid number", word, "expected a whole number that is not negative");
    }

    /** The first argument as a number within bounds that belong to it. */
    public static int number(Use use, int least, int most) {
        Word word = use.arguments().get(0);
        int number = number(use, word);
        if (number < least || number > most) {
            throw use.error("value must be between " + least + " and " + most, word);
        }
        return number;
    }

    /** nginx's form of an error that a reader of one value finds. */
    public static ConfigException invalid(Use use, String what, Word word, String hint) {
        return use.error("\"" + use.directive().name() + "\" directive " + what, word, hint);
    }
}
