package io.gatehouse.differential;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Something that Gatehouse does otherwise than Debian's nginx 1.22.1, on purpose.
 *
 * @param requests what is sent where it shows: found somewhere in the octets of the connection
 * @param nginx what nginx does
 * @param gatehouse what Gatehouse does
 * @param reason why; where it names a version, nginx itself does so since then
 */
record Difference(Kind kind, Pattern requests, Pattern nginx, Pattern gatehouse, String reason) {
    /** What is compared. */
    private enum Kind {
        /** Gatehouse answers 400 to a request and closes; until then the answers are nginx's. */
        REFUSAL,
        /** The statuses differ: the patterns are of {@link Transcript#summary}. */
        STATUS,
        /** The statuses are the same: the patterns are of pieces of {@link Transcript#everything}. */
        TEXT
    }

    static Difference refuses(String requests, String reason) {
        return of(Kind.REFUSAL, requests, ".*", ".*", reason);
    }

    static Difference status(String requests, String nginx, String gatehouse, String reason) {
        return of(Kind.STATUS, requests, nginx, gatehouse, reason);
    }

    static Difference text(String requests, String nginx, String gatehouse, String reason) {
        return of(Kind.TEXT, requests, nginx, gatehouse, reason);
    }

    private static Difference of(Kind kind, String requests, String nginx, String gatehouse, String reason) {
        return new Difference(
                kind,
                Pattern.compile(requests, Pattern.DOTALL | Pattern.CASE_INSENSITIVE),
                Pattern.compile(nginx),
                Pattern.compile(gatehouse),
                reason);
    }

    boolean explains(Case played, Transcript expected, Transcript found) {
        if (!requests.matcher(played.bytes()).find()) {
            return false;
        }
        boolean sameStatuses = expected.summary().equals(found.summary());
        return switch (kind) {
            case REFUSAL -> !sameStatuses && refuses(expected, found);
            case STATUS ->
                !sameStatuses
                        && nginx.matcher(expected.summary()).matches()
                        && gatehouse.matcher(found.summary()).matches();
            case TEXT ->
                sameStatuses
                        && nginx.matcher(expected.everything()).find()
                        && gatehouse.matcher(found.everything()).find();
        };
    }

    private static boolean refuses(Transcript expected, Transcript found) {
        List<Transcript.Answer> answers = found.answers();
        int before = answers.size() - 1;
        if (before < 0 || answers.get(before).status() != 400 || found.end() != Transcript.End.CLOSED) {
            return false;
        }
        return expected.answers().size() >= before
                && expected.statuses()
                        .subList(0, before)
                        .equals(found.statuses().subList(0, before));
    }
}
