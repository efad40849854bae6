package io.gatehouse.exchange;

/** What moves an exchange on: the pipeline. On the exchange's loop. */
public interface Conductor {
    /** Begins with a subrequest. */
    void beginSubrequest(Exchange exchange);

    /** A waiting handler goes on with this outcome; or a content handler ends with it. */
    void resume(Exchange exchange, Outcome outcome);

    /** Everything was sent, or the connection is lost: log it, free what it holds. */
    void finished(Exchange exchange);
}
