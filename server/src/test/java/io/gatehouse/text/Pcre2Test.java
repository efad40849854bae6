package io.gatehouse.text;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** PCRE2's own test program, asked what patterns do. */
final class Pcre2Test {
    record Question(String pattern, boolean caseless, List<String> subjects) {}

    /** @param error null, or the sentence and the offset with which the pattern was refused */
    record Answer(String error, int offset, List<String> matches) {}

    private static final Path PROGRAM = Path.of("/usr/bin/pcre2test");

    private Pcre2Test() {}

    /** The words of 10.42 are what is compared. */
    static boolean isThere() {
        if (!Files.isExecutable(PROGRAM)) {
            return false;
        }
        try {
            Process process = new ProcessBuilder(PROGRAM.toString(), "-C")
                    .redirectErrorStream(true)
                    .start();
            String about = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            process.waitFor(10, TimeUnit.SECONDS);
            return about.contains("version 10.42");
        } catch (IOException | InterruptedException none) {
            return false;
        }
    }

    static List<Answer> ask(Path folder, List<Question> questions) throws IOException, InterruptedException {
        StringBuilder input = new StringBuilder();
        for (Question question : questions) {
            input.append('/').append(hex(question.pattern, " ")).append(question.caseless ? "/i,hex\n" : "/hex\n");
            for (String subject : question.subjects) {
                input.append("    ")
                        .append(subject.isEmpty() ? "\\" : hex(subject, "\\x"))
                        .append('\n');
            }
            input.append('\n');
        }
        Path in = folder.resolve("in");
        Path out = folder.resolve("out");
        Files.writeString(in, input, StandardCharsets.ISO_8859_1);
        Process process = new ProcessBuilder(PROGRAM.toString(), "-q", in.toString(), out.toString())
                .redirectErrorStream(true)
                .start();
        process.getInputStream().readAllBytes();
        process.waitFor(60, TimeUnit.SECONDS);
        return read(Files.readString(out, StandardCharsets.ISO_8859_1));
    }

    private static List<Answer> read(String output) {
        List<Answer> answers = new ArrayList<>();
        String error = null;
        int offset = -1;
        List<String> matches = null;
        for (String line : (output + "\n/").split("\n", -1)) {
            if (line.startsWith("/")) {
                if (matches != null) {
                    answers.add(new Answer(error, offset, matches));
                }
                matches = new ArrayList<>();
                error = null;
                offset = -1;
            } else if (line.startsWith("Failed: error ") && line.contains(" at offset ")) {
                int colon = line.indexOf(": ", "Failed: ".length());
                offset = Integer.parseInt(line.substring(line.indexOf("offset ") + 7, colon));
                error = line.substring(colon + 2);
            } else if (line.startsWith("    ")) {
                matches.add("");
            } else if (line.matches(" ?\\d+: .*") || line.startsWith("No match") || line.startsWith("Failed")) {
                int last = matches.size() - 1;
                if (last >= 0) {
                    matches.set(last, matches.get(last) + line.strip() + "\n");
                }
            }
        }
        return answers;
    }

    /** How the program would tell of this match. */
    static String told(String subject, int result, int[] captures) {
        if (result != Regex.MATCH) {
            return result == Regex.NO_MATCH ? "No match\n" : "limit";
        }
        int last = captures.length / 2 - 1;
        while (captures[2 * last] < 0) {
            last--;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i <= last; i++) {
            String group =
                    captures[2 * i] < 0 ? "<unset>" : escaped(subject.substring(captures[2 * i], captures[2 * i + 1]));
            text.append((i + ": " + group).strip()).append('\n');
        }
        return text.toString();
    }

    private static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(c >= ' ' && c < 0x7F ? String.valueOf(c) : String.format("\\x%02x", (int) c));
        }
        return out.toString();
    }

    private static String hex(String text, String before) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            out.append(before).append(String.format("%02x", (int) text.charAt(i)));
        }
        return out.toString();
    }
}
