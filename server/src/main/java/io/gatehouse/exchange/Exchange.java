package io.gatehouse.exchange;

import io.gatehouse.observe.log.ErrorLog;
import io.gatehouse.observe.log.Level;
import io.gatehouse.wire.Loop;
import io.netty.buffer.ByteBuf;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, whatever the protocol. Owned by one loop from the first byte to the log line; everything
 * here is called on that loop only. Texts are octet strings (one char a byte).
 */
public final class Exchange {
    public static final int HTTP_09 = 9;
    public static final int HTTP_10 = 10;
    public static final int HTTP_11 = 11;
    public static final int HTTP_20 = 20;

    public final ClientConnection client;
    public final Loop loop;
    public final Timeline timeline = new Timeline();
    /** The fields of the client's request; a subrequest has those of its parent. */
    public final Headers request;

    public final Response response = new Response();

    /** The exchange that asked for this one; null for a client's own request. */
    public final @Nullable Exchange parent;

    /** What the configuration's variables are in this exchange. */
    public final Variables variables;
    /** What modules keep with it. */
    public final Attachments attachments = new Attachments();

    /** The way of the answer out. */
    final AnswerPath answer;

    private final Conductor conductor;

    // --- the request, set by the protocol before the pipeline begins ---

    /** As received: "GET". */
    public String method = "";
    /** {@link #HTTP_11} and so on. */
    public int version;
    /** The path in force: decoded, normalised, changed by rewrites ({@code $uri}). */
    public String uri = "";
    /** The query in force, without the question mark; empty if there is none ({@code $args}). */
    public String args = "";
    /** The target as received: path and query ({@code $request_uri}), origin form. */
    public String unparsedUri = "";
    /** The request line as received ({@code $request}). */
    public String requestLine = "";
    /** The host the request is for, in lower case, without a port; empty if it named none ({@code $host} adds the server's name). */
    public String host = "";
    /** The port that the request's host named, 0 for none. */
    public int hostPort;
    /** Whether {@link #uri} is still what {@link #unparsedUri} says, so that the latter may be passed on as it is. */
    public boolean uriIsUnparsed;
    /** Whether {@link #uri} was rewritten within its location ({@code rewrite ... break}) and may lie outside of it. */
    public boolean uriLeftLocation;
    /**
     * Whether the last {@code if} that held says nothing of who answers, but one before it did. Such a request was not meant for files:
     * as in nginx, it is answered 500.
     */
    public boolean contentIsLost;
    /** Bytes of the request line and head as received ({@code $request_length} adds the body). */
    public long headLength;

    /** {@code $request_id}, once somebody asked for it. */
    public @Nullable String requestId;
    /** Whether it was read behind another request without waiting ({@code $pipe}). */
    public boolean pipelined;

    public RequestBody body;
    public @Nullable Headers requestTrailers;
    /** The request's body where it was read whole; null before. */
    public @Nullable StoredBody storedBody;

    // --- where it is ---

    public VirtualServer server;
    public Location location;
    /** A URI that a client may not ask for itself: after an internal redirect or in a subrequest. */
    public boolean internal;

    /** Internal redirects and relocations left (nginx: 10). */
    public int uriChanges = 11;
    /** Subrequests that may still be nested below this one (nginx: 50). */
    public int subrequestsLeft = 51;

    // --- client's address in force (realip may change it) ---

    public String remoteAddress;
    public int remotePort;

    // --- the answer ---

    private boolean done;
    /** Whether only the head of the answer is wanted, whatever the method. */
    public boolean headOnly;

    /** Bytes of the body handed to the connection ({@code $body_bytes_sent}). */
    public long bodyBytesSent;
    /** Bytes of head and body handed to the connection ({@code $bytes_sent}). */
    public long bytesSent;
    /** Whether the connection may serve another request after this one. */
    public boolean keepAlive;
    /** Whether it goes on although the client has gone ({@code proxy_ignore_client_abort}). */
    public boolean ignoresClientAbort;
    /** What went wrong first and is being answered by an error page; 0 if nothing. */
    public int errorStatus;
    /** The status the client is logged to have got when it went away (499) or was cut off; 0 to log the answer's. */
    public int logStatus;

    /** Attempts to reach an application, in order; empty for an answer of our own. */
    public List<UpstreamTry> upstreamTries = List.of();
    /** The attempt under way, for log lines; null for none. */
    public @Nullable UpstreamUrl upstreamUrl;
    /** The fields of the application's answer last received, as they came; null for none. */
    public @Nullable Headers upstreamFields;
    /** The fields behind the body of the application's answer; null for none. */
    public @Nullable Headers upstreamTrailers;
    /** What is being done, for log lines: "connecting to upstream". Null for nothing in particular. */
    public @Nullable String action;

    // --- the pipeline's bookmark ---

    /** The phase and the handler in it that is next. */
    public int phase;

    public int step;
    /** What the access phase has heard so far of a client that must satisfy any rule; 0 for nothing. */
    public int accessStatus;
    /** An error page is being prepared and no further one may take its place. */
    public boolean errorPage;

    // --- who waits for what ---

    private @Nullable Runnable whenDrained;
    private @Nullable Runnable whenAborted;
    private @Nullable List<Runnable> whenDone;

    public Exchange(
            ClientConnection client,
            VirtualServer server,
            ResponseSink sink,
            Conductor conductor,
            RequestBody body,
            @Nullable Exchange parent) {
        this.client = client;
        this.loop = client.loop;
        this.server = server;
        this.location = server.level();
        this.answer = new AnswerPath(this, sink);
        this.conductor = conductor;
        this.body = body;
        this.parent = parent;
        this.variables = new Variables(parent == null ? null : parent.variables);
        this.request = parent == null ? new Headers() : parent.request;
        this.remoteAddress = parent == null ? client.remoteAddress() : parent.remoteAddress;
        this.remotePort = parent == null ? client.remotePort() : parent.remotePort;
    }

    /** Goes over to the server that the request's host names. */
    public void select(VirtualServer chosen) {
        server = chosen;
        location = chosen.level();
    }

    /** The client's own exchange: this one, or the outermost parent. */
    public Exchange main() {
        Exchange x = this;
        while (x.parent != null) {
            x = x.parent;
        }
        return x;
    }

    public boolean isSubrequest() {
        return parent != null;
    }

    public boolean isHead() {
        return method.equals("HEAD");
    }

    // ---------------------------------------------------------------- the way through the pipeline

    /**
     * Goes on after {@link Outcome#WAITING}, or ends a content handler that had taken over ({@link Outcome#DONE}) with a
     * status, a redirect or an error.
     */
    public void resume(Outcome outcome) {
        if (!done) {
            conductor.resume(this, outcome);
        }
    }

    /** A request within this one, which {@link Subrequest} begins. */
    Exchange child(ResponseSink collector, RequestBody none) {
        return new Exchange(client, server, collector, conductor, none, this);
    }

    void beginAsChild() {
        conductor.beginSubrequest(this);
    }

    // ---------------------------------------------------------------- answering

    /** An interim answer (100, 103); not for HTTP/1.0. */
    public void sendInterim(int status, Headers fields) {
        if (!answer.isHeadSent() && version >= HTTP_11 && parent == null) {
            answer.sink.interim(this, status, fields);
        }
    }

    /**
     * Sends the head of {@link #response} through the header filters. Nothing happens on a second call. Returns whether
     * the head was sent as it stands; false means that a filter gave another answer.
     */
    public boolean sendHead() {
        return answer.sendHead();
    }

    public boolean isHeadSent() {
        return answer.isHeadSent();
    }

    /** Puts a filter before the body; the last one put in sees it last. Only while the head is being filtered. */
    public void filterBody(BodyFilter filter) {
        answer.add(filter);
    }

    /** Whether every filter lets the kernel send files; otherwise they must be read and sent as buffers. */
    public boolean takesFiles() {
        return answer.takesFiles();
    }

    /** Sends part of the body and takes over the buffer; it is dropped where the answer has no body. */
    public void send(ByteBuf owned) {
        answer.send(owned);
    }

    /** Sends part of the body from a file that the caller keeps open until {@link #whenDone}; only if {@link #takesFiles}. */
    public void send(FileChannel file, long position, long count) {
        answer.send(file, position, count);
    }

    /** Delivers what was sent so far. */
    public void flush() {
        answer.flush();
    }

    /** The answer is complete. The head is sent now if it was not. */
    public void end() {
        answer.end();
    }

    public boolean isEnded() {
        return answer.isEnded();
    }

    /** Bytes of the answer that a filter holds or the kernel has not taken yet. */
    public long queued() {
        return answer.queued();
    }

    /** Runs once when {@link #queued} is zero again; one at a time. */
    public void whenDrained(@Nullable Runnable action) {
        whenDrained = action;
    }

    /** Breaks off an answer whose head was sent: the client sees a closed connection or a reset stream. */
    public void abort() {
        if (!done) {
            keepAlive = false;
            answer.sink.abort(this);
        }
    }

    /** Runs when the client has gone or was cut off before the answer was complete; the one who answers sets it. */
    public void whenAborted(@Nullable Runnable action) {
        whenAborted = action;
    }

    /** Whether somebody hears that the client has gone, and then tells the log himself. */
    public boolean hearsOfAbort() {
        return whenAborted != null;
    }

    /** Runs when the exchange is over, however it ended: free what belongs to it. */
    public void whenDone(Runnable action) {
        List<Runnable> actions = whenDone;
        if (actions == null) {
            whenDone = actions = new ArrayList<>(2);
        }
        actions.add(action);
    }

    public ResponseSink sink() {
        return answer.sink;
    }

    // ---------------------------------------------------------------- told by the protocol

    /** The protocol, or a filter that has passed on what it held: everything handed over was taken by the kernel. */
    public void onDrained() {
        if (!answer.settle()) {
            return;
        }
        Runnable action = whenDrained;
        if (action != null) {
            whenDrained = null;
            action.run();
        }
    }

    /** The protocol: the complete answer was taken by the kernel. */
    public void sent() {
        finish();
    }

    /** The protocol: the connection is gone or was cut; {@code status} is what the log tells (499, 408), 0 for the answer's. */
    public void aborted(int status) {
        if (done) {
            return;
        }
        if (status != 0 && logStatus == 0) {
            logStatus = status;
        }
        Runnable action = whenAborted;
        whenAborted = null;
        if (action != null) {
            action.run();
        }
        finish();
    }

    private void finish() {
        if (done) {
            return;
        }
        done = true;
        timeline.mark(Timeline.Instant.LAST_BYTE, loop.nanos());
        answer.discard();
        conductor.finished(this);
        List<Runnable> actions = whenDone;
        if (actions != null) {
            for (int i = actions.size() - 1; i >= 0; i--) {
                actions.get(i).run();
            }
        }
        StoredBody stored = storedBody;
        if (stored != null && parent == null) {
            stored.release();
        }
    }

    /** Whether it is over. */
    public boolean isDone() {
        return done;
    }

    // ---------------------------------------------------------------- log lines

    public boolean isLogged(Level level) {
        return errorLog().isEnabled(level);
    }

    /** The location's error log, and all levels of it for a client that {@code debug_connection} names. */
    ErrorLog errorLog() {
        CoreSettings core = location.core;
        return client.isDebugged(core.debugClients()) ? core.errorLog().debugging() : core.errorLog();
    }

    /** Writes a line to the location's error log with nginx's context: what was being done, client, server, request, upstream, host, referrer. */
    public void log(Level level, String message) {
        if (!isLogged(level)) {
            return;
        }
        errorLog().log(level, client.number, ErrorLine.of(this, message));
    }

    /** The octets of a text that is ASCII or UTF-8 in Java. */
    public static String octets(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
