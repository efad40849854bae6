package io.gatehouse.protocol.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.random.RandomGenerator;

/** Requests, right and wrong, to be cut in pieces and to be spoiled. */
final class Messages {
    static final List<String> ALL = List.of(
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "\r\n\r\nGET /a/../b?c#d HTTP/1.1\nHost: [::1]:80\nX-Y:\t z \t\n\n",
            "GET http://A.b:1/%41//c/./d?e=%20 HTTP/1.1\r\nHost: c\r\nUser-Agent: x y z\r\nAccept: */*\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n0123456789",
            "POST / HTTP/1.1\r\n"
                    + "Host: a\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n"
                    + "5;a=b\r\n"
                    + "hello\r\n"
                    + "1\r\n"
                    + "!\r\n"
                    + "0\r\n"
                    + "T: v\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nab",
            "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
            "GET /old\r\n",
            "HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            "GET /" + "l".repeat(100) + " HTTP/1.1\r\nHost: a\r\nX: " + "v".repeat(110) + "\r\n\r\n",
            "GET /" + "l".repeat(200) + " HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nX: " + "v".repeat(200) + "\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\n" + "A: b\r\n".repeat(9) + "\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" + "b".repeat(1001)
                    + "\r\n0\r\n\r\n",
            "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n",
            "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n");

    private static final String SPOILERS = "\r\n \t:;,\u0000\u0001\u007f\u0080\u00ff/.%?#[]0123456789abcfx-_\"";

    private Messages() {}

    /** One to three of the messages, of which some bytes may have been changed, left out or put in. */
    static byte[] next(RandomGenerator random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            text.append(ALL.get(random.nextInt(ALL.size())));
        }
        for (int i = random.nextInt(0, 4); i > 0; i--) {
            int at = random.nextInt(text.length());
            char spoiler = SPOILERS.charAt(random.nextInt(SPOILERS.length()));
            switch (random.nextInt(3)) {
                case 0 -> text.setCharAt(at, spoiler);
                case 1 -> text.insert(at, spoiler);
                default -> text.deleteCharAt(at);
            }
        }
        return text.toString().getBytes(ISO_8859_1);
    }
}
