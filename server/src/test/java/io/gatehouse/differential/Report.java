package io.gatehouse.differential;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What was found when the cases were compared. */
final class Report {
    private static final int SHOWN = 1_500;

    private final List<String> unexplained = new ArrayList<>();
    private final Set<Difference> seen = new HashSet<>();

    void add(Case played, Transcript expected, Transcript found) {
        if (expected.equals(found)) {
            return;
        }
        boolean known = false;
        for (Difference difference : Differences.ALL) {
            if (difference.explains(played, expected, found)) {
                seen.add(difference);
                known = true;
            }
        }
        if (!known) {
            unexplained.add(readable(played, expected, found));
        }
    }

    /** The differences that nobody listed, each as a person reads it. */
    List<String> unexplained() {
        return unexplained;
    }

    /** The listed differences that showed. */
    Set<Difference> seen() {
        return seen;
    }

    private static String readable(Case played, Transcript expected, Transcript found) {
        StringBuilder out = new StringBuilder("\n=== ")
                .append(Case.readable(played.id()).replace("\n", ""))
                .append("   nginx: ")
                .append(expected.summary())
                .append("   Gatehouse: ")
                .append(found.summary())
                .append('\n');
        piece(out, played.bytes());
        side(out, "nginx", expected);
        side(out, "Gatehouse", found);
        return out.toString();
    }

    private static void side(StringBuilder out, String who, Transcript transcript) {
        out.append("--- ").append(who).append(" (").append(transcript.end()).append(")\n");
        piece(out, transcript.text());
        for (String request : transcript.received()) {
            out.append("--- ").append(who).append(" sent to the application\n");
            piece(out, request);
        }
    }

    private static void piece(StringBuilder out, String text) {
        String readable = Case.readable(text);
        out.append(readable, 0, Math.min(readable.length(), SHOWN)).append('\n');
    }
}
