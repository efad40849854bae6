package io.gatehouse.text;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Finds the name that was most likely meant by a misspelt one. */
public final class NearestName {
    private static final int LONGEST = 64;

    private NearestName() {}

    /**
     * The nearest of the names, counting letters added, left out, changed and swapped with a neighbour; the case of
     * ASCII letters costs nothing. Null when none is near: one edit is allowed for every three letters.
     */
    public static @Nullable String of(String written, Collection<String> names) {
        if (written.isEmpty() || written.length() > LONGEST) {
            return null;
        }
        String lower = Ascii.lower(written);
        int bound = Math.max(1, written.length() / 3);
        String nearest = null;
        for (String name : names) {
            if (name.equals(written) || Math.abs(name.length() - written.length()) > bound || name.length() > LONGEST) {
                continue;
            }
            int distance = distance(lower, Ascii.lower(name), bound);
            if (distance < bound || (distance == bound && nearest == null)) {
                nearest = name;
                bound = distance;
                if (distance == 0) {
                    return name;
                }
            }
        }
        return nearest;
    }

    /** The number of edits, or more than the bound when it is more. */
    private static int distance(String a, String b, int bound) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] current = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            current[0] = i;
            int least = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                int edits = Math.min(changed, Math.min(last[j], current[j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    edits = Math.min(edits, beforeLast[j - 2] + 1);
                }
                current[j] = edits;
                least = Math.min(least, edits);
            }
            if (least > bound + 1) {
                return least;
            }
            int[] spare = beforeLast;
            beforeLast = last;
            last = current;
            current = spare;
        }
        return last[b.length()];
    }
}
