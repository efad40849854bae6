package io.gatehouse.echo;

import java.io.IOException;

/**
 * One request and what is needed to answer it.
 *
 * @param connectionNumber of the connections since the start, from 1
 * @param requestNumber of the requests on this connection, from 1: tells whether a proxy keeps its connections
 */
record Exchange(
        RequestHead head,
        Target target,
        RequestBody body,
        Answer answer,
        Input in,
        EchoConnection connection,
        EchoSettings settings,
        long connectionNumber,
        long requestNumber) {

    static final String TEXT = "text/plain; charset=utf-8";
    static final String JSON = "application/json";

    /** Reads the whole body, keeps its digest and, if it is small text, its text. */
    BodySummary readBody() throws IOException {
        return BodySummary.read(body);
    }

    void text(int status, String text) throws IOException {
        answer.send(status, TEXT, text);
    }
}
