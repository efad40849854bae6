package io.gatehouse.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Where a body ends (RFC 9112, 6 and 7): lengths, transfer codings, chunks, trailers, and what smugglers make of them. */
final class Bodies {
    /** Fields of a POST with the body {@code abc}. */
    private static final List<String> FRAMINGS = List.of(
            "Content-Length: 3",
            "content-length: 3",
            "Content-Length:3",
            "Content-Length: 3 ",
            "Content-Length:\t3",
            "Content-Length: 03",
            "Content-Length: 0000000003",
            "Content-Length: +3",
            "Content-Length: -3",
            "Content-Length: -0",
            "Content-Length: 3.0",
            "Content-Length: 3e0",
            "Content-Length: 0x3",
            "Content-Length: 3x",
            "Content-Length: x3",
            "Content-Length: 3 3",
            "Content-Length: 3,3",
            "Content-Length: 3, 3",
            "Content-Length: 3,",
            "Content-Length: ,3",
            "Content-Length: 3;",
            "Content-Length: \"3\"",
            "Content-Length: 3\0",
            "Content-Length: \u00b3",
            "Content-Length: 3\u00a0",
            "Content-Length:",
            "Content-Length: ",
            "Content-Length: abc",
            "Content-Length: 0",
            "Content-Length: 2",
            "Content-Length: 4294967299",
            "Content-Length: 2147483648",
            "Content-Length: 9223372036854775807",
            "Content-Length: 9223372036854775808",
            "Content-Length: 18446744073709551619",
            "Content-Length: 99999999999999999999",
            "Content-Length: " + "0".repeat(100) + "3",
            "Content-Length: 3\r\nContent-Length: 3",
            "Content-Length: 3\r\nContent-Length: 4",
            "Content-Length: 4\r\nContent-Length: 3",
            "Content-Length: 3\r\nX: x\r\ncontent-length: 3",
            "Content-Length : 3",
            "Content-Length\t: 3",
            " Content-Length: 3",
            "Content-Length: 3\r\n 3",
            "Content-Length:\r\n 3",
            "Content_Length: 3",
            "Content-Length3: 3",
            "Content-Length\0: 3",
            "Content-Length: 3\rX: y",
            "Content-Length: 3\nX: x",
            "Content-Length:: 3",
            "X: y\rContent-Length: 3",
            "X: \0Content-Length: 3",
            "X-Content-Length: 3",
            "Content-Length: 1048576",
            "Content-Length: 1048577",
            "Content-Length: 10000000");

    /** Fields of a POST with a chunked body. */
    private static final List<String> CODINGS = List.of(
            "Transfer-Encoding: chunked",
            "transfer-encoding: chunked",
            "Transfer-Encoding: Chunked",
            "Transfer-Encoding: CHUNKED",
            "Transfer-Encoding:chunked",
            "Transfer-Encoding: chunked ",
            "Transfer-Encoding:\tchunked",
            "Transfer-Encoding:  chunked\t",
            "Transfer-Encoding: chunked,",
            "Transfer-Encoding: ,chunked",
            "Transfer-Encoding: , chunked",
            "Transfer-Encoding: chunked;",
            "Transfer-Encoding: chunked;q=1",
            "Transfer-Encoding: chunked, chunked",
            "Transfer-Encoding: identity",
            "Transfer-Encoding: identity, chunked",
            "Transfer-Encoding: chunked, identity",
            "Transfer-Encoding: gzip",
            "Transfer-Encoding: gzip, chunked",
            "Transfer-Encoding: chunked, gzip",
            "Transfer-Encoding: x",
            "Transfer-Encoding: xchunked",
            "Transfer-Encoding: chunkedx",
            "Transfer-Encoding: x chunked",
            "Transfer-Encoding: chunked x",
            "Transfer-Encoding: \"chunked\"",
            "Transfer-Encoding: 'chunked'",
            "Transfer-Encoding: chunk",
            "Transfer-Encoding:",
            "Transfer-Encoding: ",
            "Transfer-Encoding: \u000bchunked",
            "Transfer-Encoding: \fchunked",
            "Transfer-Encoding: chunked\f",
            "Transfer-Encoding: \0chunked",
            "Transfer-Encoding: chunked\0",
            "Transfer-Encoding: chun\0ked",
            "Transfer-Encoding: \u00a0chunked",
            "Transfer-Encoding: chunke\u00e4d",
            "Transfer-Encoding: c\u212aunked".replace('\u212a', 'K'),
            "Transfer-Encoding : chunked",
            "Transfer-Encoding\t: chunked",
            " Transfer-Encoding: chunked",
            "Transfer-Encoding\r: chunked",
            "Transfer-Encoding: chunked\r",
            "Transfer-Encoding: \rchunked",
            "Transfer-Encoding:\r\n chunked",
            "Transfer-Encoding:\r\n\tchunked",
            "Transfer-Encoding: chunked\r\n x",
            "Transfer-Encoding: chunked\r\n ,identity",
            "Transfer-Encoding\0: chunked",
            "Transfer_Encoding: chunked",
            "Transfer-Encoding:: chunked",
            "Transfer Encoding: chunked",
            "X-Transfer-Encoding: chunked",
            "X: x\nTransfer-Encoding: chunked",
            "X: x\rTransfer-Encoding: chunked",
            "\"Transfer-Encoding\": chunked",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
            "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: x\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: x",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding:",
            "Content-Length: 3\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nContent-Length: 3",
            "Content-Length: 0\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nContent-Length: 0",
            "Content-Length: 13\r\nTransfer-Encoding: chunked",
            "Content-Length: 13\r\nTransfer-Encoding: identity",
            "Content-Length: 13\r\nTransfer-Encoding: x",
            "Content-Length: 13\r\nTransfer-Encoding : chunked",
            "Content-Length: 13\r\nTransfer_Encoding: chunked",
            "Content-Length: 13\r\nTransfer-Encoding:\u000bchunked",
            "Content-Length: 13\r\nTransfer-Encoding: chunked, identity",
            "Content-Length: 13\r\nX: x\rTransfer-Encoding: chunked",
            "Content-Length: 13\r\nTransfer-Encoding\u0000: chunked",
            "Content-Length: 13\r\nTransfer-Encoding:\r\n chunked",
            "Content-Length: 13\r\n Transfer-Encoding: chunked",
            "Content-Length: 13\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x",
            "TE: chunked",
            "Transfer-Encoding: chunked\r\nTE: trailers",
            "Transfer-Encoding: chunked\r\nTrailer: X");

    /** Chunked bodies. */
    private static final List<String> CHUNKS = List.of(
            "0\r\n\r\n",
            "3\r\nabc\r\n0\r\n\r\n",
            "1\r\na\r\n2\r\nbc\r\n0\r\n\r\n",
            "a\r\n0123456789\r\n0\r\n\r\n",
            "A\r\n0123456789\r\n0\r\n\r\n",
            "03\r\nabc\r\n0\r\n\r\n",
            "0003\r\nabc\r\n0\r\n\r\n",
            "0000000000000003\r\nabc\r\n0\r\n\r\n",
            "00000000000000003\r\nabc\r\n0\r\n\r\n",
            "0".repeat(300) + "3\r\nabc\r\n0\r\n\r\n",
            "00\r\n\r\n",
            "000000000000\r\n\r\n",
            "0\r\n\r\n0\r\n\r\n",
            "3 \r\nabc\r\n0\r\n\r\n",
            "3\t\r\nabc\r\n0\r\n\r\n",
            " 3\r\nabc\r\n0\r\n\r\n",
            "\t3\r\nabc\r\n0\r\n\r\n",
            "3;x\r\nabc\r\n0\r\n\r\n",
            "3;x=y\r\nabc\r\n0\r\n\r\n",
            "3;x=\"y\"\r\nabc\r\n0\r\n\r\n",
            "3;x=\"y\\\"z\"\r\nabc\r\n0\r\n\r\n",
            "3;x=\"\r\n\"\r\nabc\r\n0\r\n\r\n",
            "3;\r\nabc\r\n0\r\n\r\n",
            "3;;\r\nabc\r\n0\r\n\r\n",
            "3 ;x\r\nabc\r\n0\r\n\r\n",
            "3\t;x\r\nabc\r\n0\r\n\r\n",
            "3; x\r\nabc\r\n0\r\n\r\n",
            "3;x \r\nabc\r\n0\r\n\r\n",
            "3;x\nabc\r\n0\r\n\r\n",
            "3;x\rabc\r\n0\r\n\r\n",
            "3;\rx\r\nabc\r\n0\r\n\r\n",
            "3;\0\r\nabc\r\n0\r\n\r\n",
            "3;\u0001\r\nabc\r\n0\r\n\r\n",
            "3;\u007f\r\nabc\r\n0\r\n\r\n",
            "3;\u00e4\r\nabc\r\n0\r\n\r\n",
            "3;x=" + "a".repeat(300) + "\r\nabc\r\n0\r\n\r\n",
            "3;x=" + "a".repeat(5000) + "\r\nabc\r\n0\r\n\r\n",
            "3;x=" + "a".repeat(20000) + "\r\nabc\r\n0\r\n\r\n",
            "0;x\r\n\r\n",
            "0;x=y\r\nX: y\r\n\r\n",
            "3 x\r\nabc\r\n0\r\n\r\n",
            "3x\r\nabc\r\n0\r\n\r\n",
            "3,\r\nabc\r\n0\r\n\r\n",
            "3.0\r\nabc\r\n0\r\n\r\n",
            "+3\r\nabc\r\n0\r\n\r\n",
            "-3\r\nabc\r\n0\r\n\r\n",
            "-0\r\n\r\n",
            "0x3\r\nabc\r\n0\r\n\r\n",
            "0X3\r\nabc\r\n0\r\n\r\n",
            "x\r\nabc\r\n0\r\n\r\n",
            "g\r\nabc\r\n0\r\n\r\n",
            "\r\nabc\r\n0\r\n\r\n",
            "\r\n3\r\nabc\r\n0\r\n\r\n",
            ";x\r\nabc\r\n0\r\n\r\n",
            "3\0\r\nabc\r\n0\r\n\r\n",
            "\u0663\r\nabc\r\n0\r\n\r\n".replace('\u0663', '\u00b3'),
            "3_0\r\nabc\r\n0\r\n\r\n",
            "3\nabc\n0\n\n",
            "3\nabc\r\n0\r\n\r\n",
            "3\r\nabc\n0\r\n\r\n",
            "3\r\nabc\r\n0\n\r\n",
            "3\r\nabc\r\n0\r\n\n",
            "3\r\nabc\r\n0\n\n",
            "3\rabc\r\n0\r\n\r\n",
            "3\r\nabc\r0\r\n\r\n",
            "3\r\nabc0\r\n\r\n",
            "3\r\nabc\r\n0\r\r\n",
            "3\r\nabc\r\n0\r\n\r",
            "3\r\nabc\r\n0\r\r",
            "3\r\r\nabc\r\n0\r\n\r\n",
            "3\r\nabc\r\r\n0\r\n\r\n",
            "3\n\rabc\r\n0\r\n\r\n",
            "3\r\nabc\n\r0\r\n\r\n",
            "3\r\nabc \r\n0\r\n\r\n",
            "3\r\nabcXX0\r\n\r\n",
            "3\r\nabc  0\r\n\r\n",
            "2\r\nabc\r\n0\r\n\r\n",
            "4\r\nabc\r\n0\r\n\r\n",
            "5\r\nabc\r\n0\r\n\r\n",
            "ffffffff\r\nabc\r\n0\r\n\r\n",
            "7fffffffffffffff\r\nabc\r\n0\r\n\r\n",
            "8000000000000000\r\nabc\r\n0\r\n\r\n",
            "ffffffffffffffff\r\nabc\r\n0\r\n\r\n",
            "10000000000000003\r\nabc\r\n0\r\n\r\n",
            "100000000000000000000003\r\nabc\r\n0\r\n\r\n",
            "fffffffffffffffffffff\r\nabc\r\n0\r\n\r\n",
            "7ffffffffffffffe\r\nabc\r\n0\r\n\r\n",
            "100000001\r\nabc\r\n0\r\n\r\n",
            "100001\r\nabc\r\n0\r\n\r\n",
            "3\r\nabc\r\n0\r\nX: y\r\n\r\n",
            "3\r\nabc\r\n0\r\nX: y\r\nY: z\r\n\r\n",
            "3\r\nabc\r\n0\r\nX:y\r\n\r\n",
            "3\r\nabc\r\n0\r\nX\r\n\r\n",
            "3\r\nabc\r\n0\r\n: y\r\n\r\n",
            "3\r\nabc\r\n0\r\nX : y\r\n\r\n",
            "3\r\nabc\r\n0\r\n X: y\r\n\r\n",
            "3\r\nabc\r\n0\r\nX: y\r\n z\r\n\r\n",
            "3\r\nabc\r\n0\r\nX: y\nY: z\n\n",
            "3\r\nabc\r\n0\r\nX: y\rz\r\n\r\n",
            "3\r\nabc\r\n0\r\nX: y\0z\r\n\r\n",
            "3\r\nabc\r\n0\r\nX: y\u0001z\r\n\r\n",
            "3\r\nabc\r\n0\r\nX y\r\n\r\n",
            "3\r\nabc\r\n0\r\nContent-Length: 5\r\n\r\n",
            "3\r\nabc\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n",
            "3\r\nabc\r\n0\r\nHost: b\r\n\r\n",
            "3\r\nabc\r\n0\r\nX: " + "a".repeat(5000) + "\r\n\r\n",
            "3\r\nabc\r\n0\r\n" + "X: y\r\n".repeat(500) + "\r\n",
            "3\r\nabc\r\n0\r\n" + "X: y\r\n".repeat(5000) + "\r\n",
            "3\r\nabc\r\n0\r\nX: y\r\n\n",
            "3\r\nabc\r\n0\r\nX: y\r\n\r",
            "3\r\nabc\r\n0\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n",
            "3\r\nabc\r\n",
            "3\r\nabc",
            "3\r\n",
            "3\r",
            "3",
            "3\r\nabc\r\n0",
            "3\r\nabc\r\n0\r\n",
            "3\r\nabc\r\n0\r",
            "",
            "\n",
            "\r\n",
            "\0",
            "1000\r\n" + "a".repeat(4096) + "\r\n0\r\n\r\n",
            "4000\r\n" + "a".repeat(16384) + "\r\n8000\r\n" + "b".repeat(32768) + "\r\n0\r\n\r\n",
            "1\r\na\r\n".repeat(1000) + "0\r\n\r\n");

    private Bodies() {}

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (String framing : FRAMINGS) {
            cases.add(Case.of("length: " + framing, "POST /b HTTP/1.1\r\nHost: a\r\n" + framing + "\r\n\r\nabc"));
        }
        for (String coding : CODINGS) {
            cases.add(Case.of(
                    "coding: " + coding, "POST /b HTTP/1.1\r\nHost: a\r\n" + coding + "\r\n\r\n3\r\nabc\r\n0\r\n\r\n"));
        }
        for (String chunks : CHUNKS) {
            String rest = " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks;
            cases.add(Case.of("chunks: " + chunks, "POST /b" + rest));
            cases.add(Case.of("chunks, unbuffered: " + chunks, "POST /unbuffered" + rest));
        }
        for (String chunks : List.of(
                "3\r\nabc\r\n", "3\r\nab", "3\r\n", "3", "", "3\r\nabc\r\n0\r\n", "3\r\nabc\r\n0\r\nX: y\r\n")) {
            cases.add(Case.alone(
                    "chunks cut: " + chunks,
                    "POST /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks));
        }
        for (String method : List.of("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "FOO", "TRACE")) {
            cases.add(Case.of("body of " + method, method + " /b HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"));
            cases.add(Case.of(
                    "chunked body of " + method,
                    method + " /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"));
        }
        for (String target : List.of(
                "/small/a", "/status/404", "/status/301", "/moved/a", "/page/a", "/if/a", "/rewritten/a", "/hidden")) {
            cases.add(Case.of(
                    "body to " + target, "POST " + target + " HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"));
            cases.add(Case.of(
                    "body of 11 to " + target,
                    "POST " + target + " HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n01234567890"));
            cases.add(Case.of(
                    "chunked body to " + target,
                    "POST " + target
                            + " HTTP/1.1\r\n"
                            + "Host: a\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n"
                            + "b\r\n"
                            + "01234567890\r\n"
                            + "0\r\n\r\n"));
            cases.add(Case.of(
                    "malformed body to " + target,
                    "POST " + target
                            + " HTTP/1.1\r\n"
                            + "Host: a\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n"
                            + "x\r\n"
                            + "01234567890\r\n"
                            + "0\r\n\r\n"));
        }
        cases.add(Case.alone("body cut", "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab"));
        cases.add(Case.alone("body missing", "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n"));
        cases.add(Case.of("body, unbuffered", "POST /unbuffered HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"));
        cases.add(Case.of(
                "body of 100 kB, unbuffered",
                "PUT /unbuffered HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + "a".repeat(100_000)));
        cases.add(Case.of(
                "body of 100 kB",
                "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + "a".repeat(100_000)));
        cases.add(Case.of(
                "body in parts",
                "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n" + "0123456789".repeat(20_000)));
        return cases.stream();
    }
}
