package io.gatehouse.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The groups that capture, by number and by name, in the pattern and in what is written for Java, which has some more. A
 * reference may point forward, so what the pattern has in all is known in a second reading only.
 */
final class PcreGroups {
    private final PcreText in;
    private final @Nullable Translation known;
    private final Map<String, Integer> names = new LinkedHashMap<>();
    private final List<Integer> javaGroups = new ArrayList<>(List.of(0));
    private final List<Integer> resets = new ArrayList<>();
    private int groups;
    private int groupsInJava;

    /** @param known what came of the first reading; null in that */
    PcreGroups(PcreText in, @Nullable Translation known) {
        this.in = in;
        this.known = known;
    }

    /** How many have been opened. */
    int count() {
        return groups;
    }

    /** Gives the next group to be opened a name. */
    void name(String name) {
        if (names.putIfAbsent(name, groups + 1) != null) {
            throw in.wrong("two named subpatterns have the same name (PCRE2_DUPNAMES not set)");
        }
    }

    void open() {
        javaGroups.add(++groupsInJava);
        groups++;
    }

    /** An empty group for Java alone, whose place is the start of the match ({@code \K}). */
    void reset() {
        resets.add(++groupsInJava);
    }

    /** The number of a group that is referred to by name; 0 as long as that cannot be known. */
    int number(String name, int offset) {
        if (known == null) {
            return 0;
        }
        Integer number = known.names().get(name);
        if (number == null) {
            throw in.wrong("reference to non-existent subpattern", offset);
        }
        return number;
    }

    /** How Java refers to a group. */
    String reference(int number, int offset, boolean inLookbehind) {
        if (known == null) {
            return "(?:)";
        }
        if (number > known.groups()) {
            throw in.wrong("reference to non-existent subpattern", offset);
        }
        if (inLookbehind) {
            throw in.unsupported("back reference in a lookbehind", offset);
        }
        int java = known.javaGroups()[number];
        if (java > groupsInJava && java > 9) {
            throw in.unsupported("forward reference to group " + number, offset);
        }
        return "(?:\\" + java + ")";
    }

    Translation translation(String java, PcreStart start) {
        return new Translation(
                java,
                groups,
                javaGroups.stream().mapToInt(Integer::intValue).toArray(),
                resets.stream().mapToInt(Integer::intValue).toArray(),
                Map.copyOf(names),
                start.isAnchored(),
                start.isDotStar(),
                start.isFree());
    }
}
