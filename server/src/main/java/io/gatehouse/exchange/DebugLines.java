package io.gatehouse.exchange;

import io.gatehouse.observe.log.Level;

/**
 * What the level debug tells of the way of a request: what was read, which place it came to, where it was sent on to, what was
 * answered. In nginx's words, but only the lines that help to see what a configuration does; fields stand there as they came,
 * passwords and cookies too.
 */
public final class DebugLines {
    private DebugLines() {}

    /** Asked before anything of a line is made. */
    public static boolean wanted(Exchange x) {
        return x.isLogged(Level.DEBUG);
    }

    /** Without the context of other lines: debug lines of a request stand together by the connection's number. */
    public static void add(Exchange x, String message) {
        x.errorLog().log(Level.DEBUG, x.client.number, message);
    }

    /** The head was read, and its server is known. */
    public static void request(Exchange x) {
        add(x, "http request line: \"" + x.requestLine + "\"");
        add(x, "http uri: \"" + x.uri + "\"");
        add(x, "http args: \"" + x.args + "\"");
        fields(x, "http header: \"", x.request);
        add(x, "http server: \"" + x.server.name() + "\"");
    }

    /** The location was found. */
    public static void location(Exchange x) {
        Location found = x.location;
        String mark = switch (found.kind) {
            case EXACT -> "=";
            case PREFIX_FINAL -> "^~ ";
            case REGEX -> "~ ";
            default -> "";
        };
        add(x, "using configuration \"" + mark + found.name + "\"");
    }

    /** The head of the answer goes to the client. */
    public static void answer(Exchange x) {
        add(x, "http response: " + x.response.status + " \"" + x.uri + "?" + x.args + "\"");
        fields(x, "http response header: \"", x.response.headers);
    }

    /** The head of an application's answer has come. */
    public static void upstreamAnswer(Exchange x, int status, Headers fields) {
        add(x, "http proxy status " + status);
        fields(x, "http proxy header: \"", fields);
    }

    private static void fields(Exchange x, String before, Headers fields) {
        for (int i = 0; i < fields.size(); i++) {
            add(x, before + fields.name(i) + ": " + fields.value(i) + "\"");
        }
    }
}
