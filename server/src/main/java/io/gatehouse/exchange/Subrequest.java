package io.gatehouse.exchange;

import io.gatehouse.observe.log.Level;
import io.netty.buffer.ByteBuf;
import java.nio.channels.FileChannel;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A request that the program makes itself within a client's ({@code auth_request}), and the end of its answer: a GET without a
 * body and with the client's fields, which goes through the phases as an internal redirect does, but for the access phase.
 * Only the head of its answer is wanted. On the loop of the client's exchange.
 */
public final class Subrequest implements ResponseSink, Runnable {
    private static final int CLIENT_GONE = 499;

    private final Exchange parent;
    private final Exchange own;
    private final Function<Exchange, Outcome> judge;
    private boolean parentGone;
    private boolean parentWaits;
    private @Nullable Outcome outcome;

    private Subrequest(Exchange parent, Function<Exchange, Outcome> judge) {
        NoBody none = new NoBody();
        this.parent = parent;
        this.judge = judge;
        this.own = parent.child(this, none);
        none.of(own);
    }

    /**
     * Begins a subrequest for which the parent waits. If the client goes meanwhile, the subrequest is ended, too.
     *
     * @param uri the path, without a query
     * @param judge makes of the answered subrequest how the parent goes on
     * @return what the parent's handler is to return
     */
    public static Outcome begin(Exchange parent, String uri, Function<Exchange, Outcome> judge) {
        if (parent.subrequestsLeft == 0) {
            parent.log(Level.ERROR, "subrequests cycle while processing \"" + uri + "\"");
            return Outcome.status(500);
        }
        Subrequest made = new Subrequest(parent, judge);
        made.prepare(uri);
        parent.whenAborted(made);
        made.own.whenDone(made::over);
        made.own.beginAsChild();
        Outcome at = made.outcome;
        if (at != null && made.own.isDone()) {
            return at;
        }
        made.parentWaits = true;
        return Outcome.WAITING;
    }

    private void prepare(String uri) {
        own.method = "GET";
        own.version = parent.version;
        own.uri = uri;
        own.unparsedUri = parent.unparsedUri;
        own.requestLine = parent.requestLine;
        own.host = parent.host;
        own.hostPort = parent.hostPort;
        own.subrequestsLeft = parent.subrequestsLeft - 1;
        own.headOnly = true;
    }

    /** The client has gone. */
    @Override
    public void run() {
        parentGone = true;
        own.aborted(CLIENT_GONE);
    }

    /** While what belongs to the answer is still there. */
    private void judged() {
        if (outcome == null) {
            outcome = judge.apply(own);
        }
    }

    private void over() {
        if (parentGone) {
            return;
        }
        judged();
        parent.whenAborted(null);
        Outcome said = outcome;
        if (parentWaits && said != null) {
            parent.resume(said);
        }
    }

    @Override
    public void interim(Exchange exchange, int status, Headers fields) {}

    @Override
    public void head(Exchange exchange) {}

    @Override
    public void body(Exchange exchange, ByteBuf owned) {
        owned.release();
    }

    @Override
    public void body(Exchange exchange, FileChannel file, long position, long count) {}

    @Override
    public void end(Exchange exchange, @Nullable Headers trailers) {
        judged();
        exchange.sent();
    }

    @Override
    public void flush(Exchange exchange) {}

    @Override
    public long queued(Exchange exchange) {
        return 0;
    }

    @Override
    public void abort(Exchange exchange) {
        judged();
        exchange.aborted(0);
    }
}
