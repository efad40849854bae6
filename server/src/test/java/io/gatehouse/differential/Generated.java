package io.gatehouse.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;

/** Requests made from a grammar, and then damaged; the same ones each time. */
final class Generated {
    private static final long SEED = 20_260_101;
    private static final List<String> METHODS =
            List.of("GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "FOO", "PATCH");
    private static final List<String> SEGMENTS = List.of(
            "a",
            "b.gif",
            "c.php",
            "..",
            ".",
            "",
            "%2e",
            "%2E%2e",
            "%2f",
            "images",
            "static",
            "exact",
            "user",
            "1",
            "%41",
            "%00",
            "a%20b",
            "\u00e4",
            "a;b",
            "a+b",
            "rewritten",
            "nested",
            "%zz",
            "if",
            "...");
    private static final List<String> QUERIES =
            List.of("", "", "", "?", "?a=b", "?a=1&B=2", "?/../c", "?%zz", "#f", "?q#f");
    private static final List<String> VERSIONS =
            List.of("HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/1.2", "HTTP/2.0", "http/1.1");
    private static final List<String> HOSTS = List.of(
            "a",
            "a",
            "a",
            "named.test",
            "A.Wild.Test:80",
            "tail.x.",
            "abc.regex.test",
            "slashes.test",
            "lenient.test",
            "[::1]:8",
            "a..b",
            "");
    private static final List<String> FIELDS = List.of(
            "X: x",
            "X-Y: z",
            "X_Y: z",
            "Connection: close",
            "Connection: keep-alive",
            "Connection: upgrade",
            "Expect: 100-continue",
            "Upgrade: websocket",
            "Cookie: a=b",
            "User-Agent: x",
            "Accept: */*",
            "Keep-Alive: 1",
            "TE: trailers",
            "X: a\r\n b",
            "X : a",
            "X: \ta\t",
            "Range: bytes=0-3",
            "If-Modified-Since: x",
            "X:",
            "Content-Type: text/plain");
    private static final List<String> NOISE = List.of(
            "\r",
            "\n",
            "\0",
            " ",
            "\t",
            ":",
            "\r\n",
            "%",
            "/",
            "\u007f",
            "\u00ff",
            "\u000b",
            ";",
            "0",
            "a",
            "?",
            "#",
            "\\",
            ".",
            ",",
            "_",
            "\r\n\r\n");

    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);

    private Generated() {}

    static Stream<Case> cases() {
        return new Generated().make().stream();
    }

    private List<Case> make() {
        List<Case> cases = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            cases.add(Case.of("generated " + i, request()));
        }
        for (int i = 0; i < 60; i++) {
            cases.add(Case.of("generated pipeline " + i, request() + request() + request()));
        }
        for (int i = 0; i < 350; i++) {
            cases.add(Case.of("damaged " + i, damaged(request())));
        }
        for (int i = 0; i < 150; i++) {
            cases.add(Case.of("damaged body " + i, damagedBody()));
        }
        return cases;
    }

    private String one(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

    private String request() {
        StringBuilder out = new StringBuilder(one(METHODS)).append(' ');
        if (random.nextInt(12) == 0) {
            out.append("http://").append(one(HOSTS));
        }
        int segments = random.nextInt(5) + 1;
        for (int i = 0; i < segments; i++) {
            out.append('/').append(one(SEGMENTS));
        }
        out.append(one(QUERIES))
                .append(' ')
                .append(one(VERSIONS))
                .append("\r\nHost: ")
                .append(one(HOSTS))
                .append("\r\n");
        int fields = random.nextInt(4);
        for (int i = 0; i < fields; i++) {
            out.append(one(FIELDS)).append("\r\n");
        }
        String body = "";
        switch (random.nextInt(4)) {
            case 0 -> {
                body = "x".repeat(random.nextInt(20));
                out.append("Content-Length: ").append(body.length()).append("\r\n");
            }
            case 1 -> {
                body = chunked();
                out.append("Transfer-Encoding: chunked\r\n");
            }
            default -> {}
        }
        return out.append("\r\n").append(body).toString();
    }

    private String chunked() {
        StringBuilder out = new StringBuilder();
        int chunks = random.nextInt(4);
        for (int i = 0; i < chunks; i++) {
            int size = random.nextInt(30) + 1;
            out.append(Integer.toHexString(size))
                    .append(random.nextInt(5) == 0 ? ";x=y" : "")
                    .append("\r\n");
            out.append("y".repeat(size)).append("\r\n");
        }
        out.append("0\r\n");
        if (random.nextInt(5) == 0) {
            out.append("X: trailer\r\n");
        }
        return out.append("\r\n").toString();
    }

    private String damaged(String request) {
        StringBuilder out = new StringBuilder(request);
        int times = 1 + random.nextInt(2);
        for (int i = 0; i < times; i++) {
            int at = random.nextInt(out.length());
            switch (random.nextInt(4)) {
                case 0 -> out.deleteCharAt(at);
                case 1 -> out.insert(at, one(NOISE));
                case 2 -> out.replace(at, at + 1, one(NOISE));
                default -> out.insert(at, out.charAt(at));
            }
        }
        return out.toString();
    }

    private String damagedBody() {
        return "POST /" + one(SEGMENTS).replaceAll("%zz|%00|\\.\\.", "")
                + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + damaged(chunked());
    }
}
