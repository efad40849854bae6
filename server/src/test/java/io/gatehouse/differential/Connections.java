package io.gatehouse.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** How long a connection lasts, and several requests on one (RFC 9112, 9). */
final class Connections {
    private static final List<String> OPTIONS = List.of(
            "close",
            "Close",
            "CLOSE",
            "keep-alive",
            "Keep-Alive",
            "close, keep-alive",
            "keep-alive, close",
            "keep-alive,close",
            "close,",
            ",close",
            "xclose",
            "closex",
            "x, close",
            "close; x",
            "keep-alive; x",
            "upgrade",
            "Upgrade",
            "upgrade, close",
            "keep-alive, Upgrade",
            "keep-alivex",
            "xkeep-alive",
            "",
            "x",
            "Host",
            "X",
            "TE",
            "\"close\"",
            "close\tx",
            "c lose",
            "Content-Length",
            "Transfer-Encoding",
            "keep-alive\r\nConnection: close",
            "close\r\nConnection: keep-alive",
            "x\r\nConnection: close",
            "keep-alive\r\nKeep-Alive: timeout=1",
            "close\r\nProxy-Connection: keep-alive");

    private static final List<String> EXPECTATIONS = List.of(
            "100-continue",
            "100-Continue",
            "100-CONTINUE",
            "100",
            "x",
            "",
            "100-continue, x",
            "100-continue;x",
            "x, 100-continue",
            "200-ok",
            "100-continue ");

    private static final List<String> UPGRADES = List.of(
            "Upgrade: websocket\r\n"
                    + "Connection: Upgrade\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                    + "Sec-WebSocket-Version: 13",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__",
            "Upgrade: h2c\r\nConnection: Upgrade",
            "Upgrade: h2\r\nConnection: Upgrade",
            "Upgrade: TLS/1.0\r\nConnection: Upgrade",
            "Upgrade:\r\nConnection: Upgrade",
            "Upgrade: x, websocket\r\nConnection: Upgrade",
            "Upgrade: websocket\r\nConnection: close, Upgrade",
            "upgrade: WEBSOCKET\r\nconnection: UPGRADE",
            "Upgrade: websocket\r\nUpgrade: h2c\r\nConnection: upgrade");

    /** Requests of one connection; {@code |} parts them. */
    private static final List<String> PIPELINES = List.of(
            "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n|GET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /1 HTTP/1.1\r\n"
                    + "Host: a\r\n\r\n"
                    + "|GET /2 HTTP/1.1\r\n"
                    + "Host: named.test\r\n\r\n"
                    + "|GET /3 HTTP/1.1\r\n"
                    + "Host: a.wild.test\r\n\r\n",
            "GET /1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n|GET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n|HEAD /2 HTTP/1.1\r\nHost: a\r\n\r\n|GET /3 HTTP/1.1\r\nHost: a\r\n\r\n",
            "HEAD /1 HTTP/1.1\r\nHost: a\r\n\r\n|HEAD /2 HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc|GET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n|GET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST /1 HTTP/1.1\r\nHost: a\r\n\r\n|GET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST /1 HTTP/1.1\r\n"
                    + "Host: a\r\n"
                    + "Content-Length: 3\r\n\r\n"
                    + "abc|POST /2 HTTP/1.1\r\n"
                    + "Host: a\r\n"
                    + "Content-Length: 3\r\n\r\n"
                    + "def",
            "POST /1 HTTP/1.1\r\n"
                    + "Host: a\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n"
                    + "3\r\n"
                    + "abc\r\n"
                    + "0\r\n\r\n"
                    + "|GET /2 HTTP/1.1\r\n"
                    + "Host: a\r\n\r\n",
            "POST /1 HTTP/1.1\r\n"
                    + "Host: a\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n"
                    + "0\r\n\r\n"
                    + "|POST /2 HTTP/1.1\r\n"
                    + "Host: a\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n"
                    + "1\r\n"
                    + "a\r\n"
                    + "0\r\n"
                    + "X: y\r\n\r\n",
            "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc\r\n|GET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcdef|GET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nabc|GET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n\r\n\r\n|GET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n \r\n|GET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nx|GET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n|GET /2\r\n",
            "GET /1\r\n|GET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /1 HTTP/1.0\r\n\r\n|GET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n|GET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n|GET /2 HTTP/1.0\r\n\r\n|GET /3 HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n|GET /2 HTTP/1.1\r\n\r\n|GET /3 HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n|BAD\r\n\r\n|GET /3 HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /status/404 HTTP/1.1\r\nHost: a\r\n\r\n|GET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /status/204 HTTP/1.1\r\nHost: a\r\n\r\n|GET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /status/301 HTTP/1.1\r\nHost: a\r\n\r\n|GET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /status/444 HTTP/1.1\r\nHost: a\r\n\r\n|GET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /status/500 HTTP/1.1\r\nHost: a\r\n\r\n|GET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST /small/a HTTP/1.1\r\n"
                    + "Host: a\r\n"
                    + "Content-Length: 11\r\n\r\n"
                    + "01234567890|GET /2 HTTP/1.1\r\n"
                    + "Host: a\r\n\r\n",
            "GET /1 HTTP/1.1\r\n"
                    + "Host: small.test\r\n\r\n"
                    + "|GET /2 HTTP/1.1\r\n"
                    + "Host: small.test\r\n\r\n"
                    + "|GET /3 HTTP/1.1\r\n"
                    + "Host: small.test\r\n\r\n",
            "GET /1 HTTP/1.1\r\n"
                    + "Host: a\r\n"
                    + "Content-Length: 35\r\n\r\n"
                    + "|GET /2 HTTP/1.1\r\n"
                    + "Host: named.test\r\n\r\n"
                    + "|GET /3 HTTP/1.1\r\n"
                    + "Host: a\r\n\r\n",
            "GET /1 HTTP/1.1\r\n"
                    + "Host: a\r\n"
                    + "X: x\r\n\r\n"
                    + "|GET /2 HTTP/1.1\r\n"
                    + "Host: a\r\n"
                    + "X:\r\n\r\n"
                    + "|GET /3 HTTP/1.1\r\n"
                    + "Host: a\r\n\r\n",
            "GET /1 HTTP/1.1\nHost: a\n\n|GET /2 HTTP/1.1\nHost: a\n\n",
            "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n|GET /" + "a".repeat(3000)
                    + " HTTP/1.1\r\nHost: a\r\n\r\n|GET /3 HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n|GET /" + "a".repeat(9000)
                    + " HTTP/1.1\r\nHost: a\r\n\r\n|GET /3 HTTP/1.1\r\nHost: a\r\n\r\n",
            "DELETE /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc|OPTIONS /2 HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /1 HTTP/1.1\r\n"
                    + "Host: a\r\n"
                    + "Transfer-Encoding: chunked\r\n"
                    + "Content-Length: 6\r\n\r\n"
                    + "0\r\n\r\n"
                    + "|GET /2 HTTP/1.1\r\n"
                    + "Host: a\r\n\r\n",
            "POST /1 HTTP/1.1\r\n"
                    + "Host: a\r\n"
                    + "Content-Length: 6\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n"
                    + "0\r\n\r\n"
                    + "G|GET /2 HTTP/1.1\r\n"
                    + "Host: a\r\n\r\n",
            "POST /1 HTTP/1.1\r\n"
                    + "Host: a\r\n"
                    + "Transfer-Encoding: chunked\r\n"
                    + "Transfer-Encoding: cow\r\n\r\n"
                    + "5c\r\n"
                    + "GPOST / HTTP/1.1\r\n\r\n"
                    + "0\r\n\r\n"
                    + "|GET /2 HTTP/1.1\r\n"
                    + "Host: a\r\n\r\n",
            "POST /1 HTTP/1.1\r\n"
                    + "Host: a\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n"
                    + "3;a\n"
                    + "xx\r\n"
                    + "abc\r\n"
                    + "0\r\n\r\n"
                    + "|GET /2 HTTP/1.1\r\n"
                    + "Host: a\r\n\r\n");

    private Connections() {}

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (String option : OPTIONS) {
            for (String version : List.of("1.1", "1.0")) {
                cases.add(Case.of(
                        "connection, " + version + ": " + option,
                        "GET /k HTTP/" + version + "\r\nHost: a\r\nConnection: " + option + "\r\nX: x\r\n\r\n"));
            }
        }
        for (String expectation : EXPECTATIONS) {
            String head = "POST /e HTTP/1.1\r\nHost: a\r\nExpect: " + expectation + "\r\nContent-Length: 3\r\n\r\n";
            cases.add(Case.of("expect, body at once: " + expectation, head + "abc"));
            cases.add(new Case("expect, body later: " + expectation, List.of(head, "abc"), true));
            cases.add(Case.of("expect, 1.0: " + expectation, head.replace("HTTP/1.1", "HTTP/1.0") + "abc"));
            cases.add(Case.of(
                    "expect, chunked: " + expectation,
                    head.replace("Content-Length: 3", "Transfer-Encoding: chunked") + "3\r\nabc\r\n0\r\n\r\n"));
            cases.add(Case.of("expect, no body: " + expectation, head.replace("Content-Length: 3\r\n", "")));
        }
        for (String upgrade : UPGRADES) {
            cases.add(Case.of("upgrade: " + upgrade, "GET /u HTTP/1.1\r\nHost: a\r\n" + upgrade + "\r\n\r\n"));
            cases.add(Case.of("upgrade, 1.0: " + upgrade, "GET /u HTTP/1.0\r\nHost: a\r\n" + upgrade + "\r\n\r\n"));
            cases.add(Case.of(
                    "upgrade, POST: " + upgrade,
                    "POST /u HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n" + upgrade + "\r\n\r\nabc"));
        }
        for (String pipeline : PIPELINES) {
            String id = pipeline.lines()
                    .filter(line -> line.contains("|") || line.contains("/1"))
                    .findFirst()
                    .orElse("");
            String whole = pipeline.replace("|", "");
            int number = cases.size();
            cases.add(Case.of("pipeline " + number + ": " + id, whole));
            cases.add(new Case("one by one " + number + ": " + id, List.of(pipeline.split("\\|")), true));
        }
        cases.add(Case.of("pipeline of 150", "GET /p HTTP/1.1\r\nHost: a\r\n\r\n".repeat(150)));
        cases.add(Case.of("pipeline of 1001", "GET /p HTTP/1.1\r\nHost: a\r\n\r\n".repeat(1001)));
        return cases.stream();
    }
}
