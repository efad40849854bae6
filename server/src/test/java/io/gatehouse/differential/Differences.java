package io.gatehouse.differential;

import static io.gatehouse.differential.Difference.refuses;
import static io.gatehouse.differential.Difference.status;
import static io.gatehouse.differential.Difference.text;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Every difference there may be, with its reason. */
final class Differences {
    private static final String STRICT = "one reading of every message, RFC 9112: ";
    private static final String BASELINE = "the baseline 1.31.5 does so too: ";

    /** A field line, its line's end included. */
    private static final String FIELD = "[!-9;-~]+:[^\0-\b\n-\u001f\u007f]*\r\n";

    private static final String SIZE_OF_ONE_TOO_MANY = "\n0?("
            + IntStream.rangeClosed(1, 32)
                    .mapToObj(size -> Integer.toHexString(size) + "(;[^\r\n]*)?\r\n[^\r\n]{" + (size - 1) + "}\r\n")
                    .collect(Collectors.joining("|"))
            + ")";

    static final List<Difference> ALL = List.of(
            // ------------------------------------------------------------ the request line and the host
            status(
                    "^CONNECT (a|\\[::1\\]):443 ",
                    "400",
                    "405",
                    BASELINE + "it reads the authority form, and serves no tunnels"),
            status(
                    "^CONNECT (/|http:)",
                    "405",
                    "400",
                    BASELINE + "CONNECT takes the authority form alone, RFC 9112, 3.2.3"),
            refuses(
                    "\nHost: [^\r\n]*[\\\\?#@\"<>|^`{}\u0080-\u00ff]",
                    BASELINE + "a host is what RFC 3986 says (1.29.4)"),
            refuses(
                    "(\nHost: |//)[^\r\n/\\[]*:(\\d*[^\\d\r\n/]|65536|99999)",
                    BASELINE + "a port is a number up to 65535 (1.29.4)"),
            refuses("\nHost: [^\r\n]*[\\[\\]]", BASELINE + "brackets hold a complete literal (1.29.4)"),
            // ------------------------------------------------------------ fields
            refuses("\r\r", STRICT + "a bare CR is refused wherever it stands, 2.2"),
            refuses(
                    "\n[^\r\n]+:[^\n]*[\u0001-\b\u000b\f\u000e-\u001f\u007f]",
                    STRICT + "no control bytes in a field, RFC 9110, 5.5"),
            refuses("^[^\n]+\n(?:[^\r\n][^\n]*\n)*?[^:\\s]+\r?\n", STRICT + "a field line has a colon, 5"),
            refuses("\nProxy-Authorization:.*\nProxy-Authorization:", BASELINE + "the field comes once"),
            status("\nHost:\ta", "400", "200 \\+", "a tab before a value is no part of it, RFC 9110, 5.5"),
            status("\nContent-Length:\t3", "400", "200 \\+", "a tab before a value is no part of it, RFC 9110, 5.5"),
            status(
                    "\nTransfer-Encoding: *(\t|chunked\t)",
                    "501",
                    "200 \\+",
                    "a tab before a value is no part of it, RFC 9110, 5.5"),
            status(
                    "\nTransfer-Encoding:",
                    "501",
                    "400",
                    STRICT + "what is not exactly chunked is refused like everything that has two readings"),
            text("\nX: *[^\r\n]*\t", "\t", "", "a tab at a value's ends is no part of it, RFC 9110, 5.5"),
            text(
                    "\n(X|X[-_]Y|Connection|Upgrade):.*\n(X|X[-_]Y|Connection|Upgrade):",
                    "",
                    ", ",
                    BASELINE + "$http_ variables join fields of one name (1.23.0)"),
            text("\nX:\r\nX:\r\n", "", "", BASELINE + "$http_ variables join fields of one name (1.23.0)"),
            text(
                    "^\\S+ [^? ]*[\u0080-\u00ff]",
                    "[\u0080-\u00ff]",
                    "%[89A-F][0-9A-F]",
                    "a new path for the application is escaped; nginx does so only where the client had escaped"
                            + " something"),
            // ------------------------------------------------------------ bodies
            refuses(
                    "chunked.*\r\n\r\n.*[^\r]\n",
                    BASELINE + "a bare LF does not end a line of a chunked body (1.29.4)"),
            refuses(
                    SIZE_OF_ONE_TOO_MANY,
                    BASELINE + "the size takes in the CR, so that a bare LF ends the chunk (1.29.4)"),
            refuses(
                    "\n[0-9a-f]+[; ][^\r\n]*[\0-\b\u000b\f\u000e-\u001f\u007f]",
                    STRICT + "no control bytes in a chunk's extension, 7.1.1"),
            refuses("\n3 x\r\n", STRICT + "a chunk's extension begins with a semicolon, 7.1.1"),
            refuses("\n(0{300}3|3;x=a{20000})\r\n", STRICT + "the line of a chunk's size has a limit, 7.1.1"),
            refuses(
                    "\n0+(;[^\n]*)?\r\n(" + FIELD + ")*+(?!\r?\n|" + FIELD + ")",
                    STRICT + "a trailer is a field line, 7.1.2"),
            refuses("\n0\r\n(X: y\r\n){5000}", STRICT + "the trailers have a limit"),
            text(
                    "^POST /unbuffered .*chunked",
                    "Content-Length: \\d+\r\n",
                    "Transfer-Encoding: chunked\r\n",
                    "unbuffered and chunked stays chunked; nginx gives a length if the body happened to come with the"
                            + " head"),
            text(
                    "\r\n0\r\nX:",
                    "Content-Length: ",
                    "Transfer-Encoding: chunked\r\n",
                    "trailers of requests are passed on where the body is not buffered"),
            status(
                    "\nExpect: 100-continue *\r\n",
                    "(\\d+ )*100 200.*",
                    "(200 )*200.*",
                    "no 100 where the answer is known without the body or there is none, RFC 9110, 10.1.1"),
            status(
                    SIZE_OF_ONE_TOO_MANY,
                    "301 \\+",
                    "301",
                    BASELINE + "the size takes in the CR, so that a bare LF ends the chunk (1.29.4)"),
            status(
                    "chunked.*\r\n\r\n.*[^\r]\n",
                    "301 \\+",
                    "301",
                    BASELINE + "a bare LF does not end a line of a chunked body (1.29.4)"),
            // ------------------------------------------------------------ connections
            status(
                    "\nConnection: (xclose|closex|close;|\"close\"|close\t)",
                    "200",
                    "200 \\+",
                    "an option is a whole token of a list, RFC 9110, 7.6.1"),
            status(
                    "\nConnection: (keep-alive;|keep-alivex|xkeep)",
                    "200 \\+",
                    "200",
                    "an option is a whole token of a list, RFC 9110, 7.6.1"),
            status(
                    "\nConnection: close\r\nConnection: keep-alive",
                    "200 \\+",
                    "200",
                    "close is not taken back, RFC 9112, 9.6"),
            text("\nProxy-Connection:", "\nProxy-Connection:", "", BASELINE + "the field is not passed on"),
            // ------------------------------------------------------------ answers
            status(
                    "\n(If-Match: \"|If-Unmodified-Since:)",
                    "412",
                    "412 \\+",
                    "a condition that does not hold is no reason to close"),
            status(
                    "^GET /status/302[^\r]*%0d%0a",
                    "302 9 \\+",
                    "302 \\+",
                    "a line's end never comes from a variable into a field; nginx splits its answer here"));

    private Differences() {}
}
