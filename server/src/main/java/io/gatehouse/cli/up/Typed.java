package io.gatehouse.cli.up;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A command as it was typed, to be shown in advice with something changed.
 *
 * @param words the command's name first
 */
public record Typed(List<String> words) {
    public Typed {
        words = List.copyOf(words);
    }

    /** The same with that value of an option, in place of the one it had. */
    public Typed with(String option, String value) {
        List<String> changed = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals(option)) {
                i++; // Its value goes with it.
            } else if (!word.startsWith(option + "=")) {
                changed.add(word);
            }
        }
        changed.add(option);
        changed.add(value);
        return new Typed(changed);
    }

    /** For a shell. */
    @Override
    public String toString() {
        return words.stream()
                .map(word -> word.matches("[A-Za-z0-9_./:=,@%+*-]+") ? word : "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
    }
}
