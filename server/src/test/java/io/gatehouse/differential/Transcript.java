package io.gatehouse.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a server answered on one connection, how the connection ended, and what the application was sent meanwhile. */
record Transcript(List<Answer> answers, End end, List<String> received) {
    /** How it ended. */
    enum End {
        /** The server closed the connection at once. */
        CLOSED,
        /** The server waited for more, and closed when its time-out came. */
        WAITED,
        /** The server did not close the connection within the time of the test. */
        OPEN
    }

    /**
     * @param status as in the status line; 9 for an answer without a head
     * @param head without the fields that must differ
     */
    record Answer(int status, String head, String body) {
        boolean isProbe() {
            return status == 200 && body.startsWith(Case.PROBED);
        }

        String text() {
            return head + "\r\n" + body;
        }
    }

    /** The statuses, {@code +} for the probe's answer, and a word if the end is not a plain close. */
    String summary() {
        String statuses = answers.stream()
                .map(answer -> answer.isProbe() ? "+" : Integer.toString(answer.status()))
                .collect(Collectors.joining(" "));
        return (statuses + (end == End.CLOSED ? "" : " " + end.name().toLowerCase(Locale.ROOT))).strip();
    }

    List<Integer> statuses() {
        return answers.stream().map(Answer::status).toList();
    }

    /** All answers, and all that the application received. */
    String everything() {
        return text() + "\n---\n" + String.join("\n---\n", received);
    }

    String text() {
        return answers.stream().map(Answer::text).collect(Collectors.joining("\r\n"));
    }

    static List<Answer> answers(String raw) {
        List<Answer> answers = new ArrayList<>();
        int at = 0;
        while (at < raw.length()) {
            int headEnd = raw.startsWith("HTTP/1.", at) ? raw.indexOf("\r\n\r\n", at) : -1;
            if (headEnd < 0) {
                int next = raw.indexOf("HTTP/1.1 ", at + 1);
                int end = next < 0 ? raw.length() : next;
                answers.add(new Answer(9, "", raw.substring(at, end)));
                at = end;
                continue;
            }
            String head = raw.substring(at, headEnd + 2);
            int bodyAt = headEnd + 4;
            at = bodyEnd(raw, head, bodyAt);
            answers.add(new Answer(
                    Integer.parseInt(head.substring(9, 12)),
                    head.replaceAll("(?m)^(Date|Last-Modified): .*\r\n", ""),
                    raw.substring(bodyAt, at)));
        }
        return answers;
    }

    private static int bodyEnd(String raw, String head, int at) {
        String status = head.substring(9, 12);
        String lower = head.toLowerCase(Locale.ROOT);
        if (status.startsWith("1") || status.equals("204") || status.equals("304") || raw.startsWith("HTTP/1.", at)) {
            return at;
        }
        int length = lower.indexOf("\r\ncontent-length: ");
        if (length >= 0) {
            int from = length + 18;
            return Math.min(raw.length(), at + Integer.parseInt(head.substring(from, head.indexOf("\r\n", from))));
        }
        if (lower.contains("\r\ntransfer-encoding: chunked\r\n")) {
            int end = raw.indexOf("\r\n0\r\n\r\n", at - 2);
            return end < 0 ? raw.length() : end + 7;
        }
        return raw.length();
    }
}
