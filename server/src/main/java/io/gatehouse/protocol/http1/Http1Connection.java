package io.gatehouse.protocol.http1;

import io.gatehouse.exchange.ClientConnection;
import io.gatehouse.exchange.CoreSettings;
import io.gatehouse.exchange.CoreSettings.LingeringClose;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Headers;
import io.gatehouse.exchange.ResponseSink;
import io.gatehouse.exchange.Timeline;
import io.gatehouse.exchange.VirtualServer;
import io.gatehouse.observe.log.Level;
import io.gatehouse.observe.status.ConnectionCounts;
import io.gatehouse.route.ListenPoint;
import io.gatehouse.wire.Deadline;
import io.gatehouse.wire.Sink;
import io.gatehouse.wire.Wire;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a client over HTTP/1: reads one request after another, gives each to the pipeline as an exchange, and
 * carries its answer. A request is not read before the one before it is answered. On its loop.
 */
final class Http1Connection implements Sink, ResponseSink {
    /** What the connection is at. */
    private enum State {
        /** Waits for the first byte of a request. */
        IDLE,
        /** Reads a head. */
        HEAD,
        /** A request is being answered. */
        ANSWERING,
        /** The answer is sent, and what is left of the request's body is dropped. */
        DISCARDING,
        /** Nothing more is sent, but the client may still be sending ({@code lingering_close}). */
        LINGERING,
        /** The wire serves a tunnel. */
        TUNNEL,
        CLOSED,
    }

    /** Bytes that come before they are wanted are copied, lest they hold a large buffer; more are kept where they are. */
    private static final int COPIED = 16 * 1024;

    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final String TIMED_OUT = "client timed out (110: Connection timed out)";
    private static final String GONE = "client prematurely closed connection";

    @Nullable
    Http1Connection previous;

    @Nullable
    Http1Connection next;

    private final Http1Connections group;
    private final ListenPoint point;
    private final ClientConnection client;
    private final Wire wire;
    private final Deadline readDeadline;
    private @Nullable SendDeadline sendDeadline;

    private State state = State.IDLE;
    /** What is being worked on; null outside of {@link #onBytes}. */
    private @Nullable ByteBuf input;

    private @Nullable RequestHeadParser parser;
    private @Nullable Exchange exchange;
    private @Nullable Http1Body body;
    private @Nullable Answer answer;
    /** The answer's end is being worked out further up the stack. */
    private boolean finishing;

    private boolean refused;
    private boolean lingers;
    private boolean noDelay;
    /** Whether bytes of the next request came while this one was being answered. */
    private boolean behind;

    /** Milliseconds that an idle connection is yet to be given, in two parts; 0 when that is done. */
    private long idleFirst;

    private long idleRest;
    private boolean closable;
    /** The loop's nanoseconds at which lingering ends. */
    private long lingerUntil;

    private @Nullable CoreSettings lingerSettings;
    private boolean keepAfterDiscard;

    Http1Connection(Http1Connections group, ListenPoint point, ClientConnection client) {
        this.group = group;
        this.point = point;
        this.client = client;
        this.wire = client.wire;
        this.readDeadline = client.loop.deadline(this::readTimedOut);
    }

    void begin() {
        group.counts.up(ConnectionCounts.ACCEPTED);
        group.counts.up(ConnectionCounts.HANDLED);
        group.counts.up(ConnectionCounts.ACTIVE);
        group.counts.up(ConnectionCounts.WAITING);
        readDeadline.in(Math.max(1, byDefault().settings().clientHeaderTimeout()));
        wire.watchForEnd(true);
        wire.reading(true);
    }

    private VirtualServer byDefault() {
        return point.names().byDefault();
    }

    // ---------------------------------------------------------------- reading

    @Override
    public void onBytes(Wire from, ByteBuf in) {
        input = in;
        try {
            while (in.isReadable() && take(in)) {
                // one request after another
            }
        } finally {
            input = null;
        }
        settle(in);
    }

    /** Hands bytes to whom they are for. Returns false if nobody takes them now. */
    private boolean take(ByteBuf in) {
        switch (state) {
            case IDLE -> {
                while (in.isReadable()) {
                    byte b = in.getByte(in.readerIndex());
                    if (b != '\r' && b != '\n') {
                        beginHead();
                        return true;
                    }
                    in.skipBytes(1); // empty lines before a request (RFC 9112, 2.2)
                }
                return false;
            }
            case HEAD -> {
                readHead(in);
                return true;
            }
            case ANSWERING -> {
                return body != null && body.take(in);
            }
            case DISCARDING -> {
                return dropBody(in);
            }
            case LINGERING -> {
                in.skipBytes(in.readableBytes());
                linger();
                return false;
            }
            default -> {
                return false;
            }
        }
    }

    /** After bytes were worked on: puts back what nobody took, and sees to reading and deadlines. */
    private void settle(@Nullable ByteBuf in) {
        if (in != null && in.isReadable() && wire.isOpen()) {
            if (refused) {
                in.skipBytes(in.readableBytes());
            } else {
                behind = true;
                int rest = in.readableBytes();
                wire.unread(rest <= COPIED ? client.loop.buffer(rest).writeBytes(in) : in.readRetainedSlice(rest));
            }
        }
        switch (state) {
            case IDLE -> {
                if (idleFirst > 0) {
                    readDeadline.in(idleFirst);
                    idleFirst = 0;
                }
                wire.reading(true);
            }
            case HEAD, LINGERING, DISCARDING -> wire.reading(true);
            case ANSWERING -> {
                boolean wanted = body != null && body.wantsBytes();
                if (wanted) {
                    Exchange x = exchange;
                    readDeadline.in(x == null ? 1 : Math.max(1, x.location.core.clientBodyTimeout()));
                } else {
                    readDeadline.clear();
                }
                wire.reading(wanted);
            }
            default -> {}
        }
    }

    /** The bytes being worked on, or null. */
    @Nullable
    ByteBuf input() {
        return input;
    }

    void bodyDemandChanged() {
        if (input == null && state == State.ANSWERING) {
            settle(null);
        }
    }

    private void beginHead() {
        RequestHeadParser reader = group.takeParser();
        client.requests++;
        Http1Body ofRequest = new Http1Body(this);
        Exchange x = new Exchange(client, byDefault(), this, group.pipeline, ofRequest, null);
        ofRequest.of(x);
        x.timeline.mark(Timeline.Instant.FIRST_BYTE, client.loop.nanos());
        x.pipelined = behind;
        behind = false;
        refused = false;
        lingers = false;
        reader.begin(x, point.names());
        parser = reader;
        exchange = x;
        body = ofRequest;
        if (client.requests > 1) {
            readDeadline.clear(); // that of the idle connection; a new one has its own from the beginning
        }
        state = State.HEAD;
        group.counts.up(ConnectionCounts.REQUESTS);
        group.counts.down(ConnectionCounts.WAITING);
        group.counts.up(ConnectionCounts.READING);
    }

    private void readHead(ByteBuf in) {
        RequestHeadParser reader = parser;
        Exchange x = exchange;
        Http1Body ofRequest = body;
        if (reader == null || x == null || ofRequest == null) {
            throw new IllegalStateException();
        }
        int result = reader.read(in);
        if (result == RequestHeadParser.MORE) {
            if (!readDeadline.isArmed()) {
                readDeadline.in(Math.max(1, x.server.settings().clientHeaderTimeout()));
            }
            return;
        }
        readDeadline.clear();
        group.counts.down(ConnectionCounts.READING);
        group.counts.up(ConnectionCounts.WRITING);
        state = State.ANSWERING;
        if (result == RequestHeadParser.REFUSED) {
            refused = true;
            lingers = reader.lingers() || in.isReadable();
            in.skipBytes(in.readableBytes());
            group.pipeline.refuse(x, reader.status());
            return;
        }
        RequestFields fields = reader.meaning();
        ofRequest.begin(fields);
        x.keepAlive =
                !fields.close && (fields.keepAlive || x.version >= Exchange.HTTP_11) && x.version != Exchange.HTTP_09;
        group.pipeline.begin(x);
    }

    private boolean dropBody(ByteBuf in) {
        Http1Body left = body;
        CoreSettings core = lingerSettings;
        if (left == null || core == null) {
            throw new IllegalStateException();
        }
        boolean took = left.drop(in);
        if (left.isComplete()) {
            ended(core, keepAfterDiscard);
        } else if (left.hasFailed() || !lingerOn(core)) {
            close();
        }
        return took;
    }

    // ---------------------------------------------------------------- answering

    /** Tells the client to send its body (RFC 9110, 10.1.1). */
    void sendContinue(Exchange x) {
        if (x == exchange && x.version >= Exchange.HTTP_11) {
            wire.write(client.loop.buffer(CONTINUE.length).writeBytes(CONTINUE));
            wire.flush();
        }
    }

    @Override
    public void interim(Exchange x, int status, Headers fields) {
        if (x == exchange) {
            group.heads.interim(status, fields);
            int length = group.heads.length();
            x.bytesSent += length;
            wire.write(client.loop.buffer(length).writeBytes(group.heads.array(), 0, length));
            wire.flush();
        }
    }

    @Override
    public void head(Exchange x) {
        if (x != exchange || body == null) {
            return;
        }
        x.keepAlive = x.keepAlive && KeepAlive.lasts(x, group.isDraining(), client) && !waitsInVain(body);
        Answer begun = new Answer(x);
        answer = begun;
        begun.head(group.heads);
    }

    /** The client holds its body back for a 100 that will not come: whether it still sends it nobody can know. */
    private static boolean waitsInVain(Http1Body body) {
        return body.awaitsContinue() && body.received() == 0;
    }

    @Override
    public void body(Exchange x, ByteBuf owned) {
        Answer to = answerOf(x);
        if (to == null) {
            owned.release();
        } else {
            to.body(owned);
            watchSending();
        }
    }

    @Override
    public void body(Exchange x, FileChannel file, long position, long count) {
        Answer to = answerOf(x);
        if (to != null) {
            to.body(file, position, count);
            watchSending();
        }
    }

    @Override
    public void flush(Exchange x) {
        Answer to = answerOf(x);
        if (to != null) {
            undelayed(x);
            to.flush();
            watchSending();
        }
    }

    @Override
    public void end(Exchange x, @Nullable Headers trailers) {
        Answer to = answerOf(x);
        if (to == null) {
            return;
        }
        if (to.isShort()) {
            x.log(Level.ERROR, "the answer is shorter than its Content-Length");
            abort(x);
            return;
        }
        to.end(trailers);
        if (to.queued() == 0) {
            finish();
        } else {
            watchSending();
        }
    }

    @Override
    public long queued(Exchange x) {
        Answer to = answerOf(x);
        return to == null ? 0 : to.queued();
    }

    private @Nullable Answer answerOf(Exchange x) {
        return x == exchange && state == State.ANSWERING ? answer : null;
    }

    /** A part is delivered before the end: small packets must not wait for acknowledgements ({@code tcp_nodelay}). */
    private void undelayed(Exchange x) {
        if (!noDelay && x.location.core.tcpNodelay()) {
            noDelay = true;
            wire.noDelay(true);
        }
    }

    @Override
    public void onWritable(Wire from) {
        Answer to = answer;
        Exchange x = exchange;
        if (to == null || x == null || state != State.ANSWERING) {
            return;
        }
        to.goOn();
        sendingWentOn(to, x);
    }

    private void sendingWentOn(Answer to, Exchange x) {
        if (to.queued() > 0) {
            watchSending();
            return;
        }
        if (sendDeadline != null) {
            sendDeadline.clear();
        }
        if (to.isEnded()) {
            finish();
        } else {
            x.onDrained();
        }
    }

    /** While something is queued, the client must take some of it within {@code send_timeout}. */
    private void watchSending() {
        Answer to = answer;
        Exchange x = exchange;
        if (to == null || x == null || state != State.ANSWERING) {
            return;
        }
        long delay = to.delay();
        if (delay == 0 && wire.queued() == 0) {
            return;
        }
        SendDeadline watch = sendDeadline;
        if (watch == null) {
            watch = new SendDeadline(wire, this::sendContinues, this::sendTimedOut);
            sendDeadline = watch;
        }
        watch.watch(delay, x.location.core.sendTimeout());
    }

    private void sendContinues() {
        Answer to = answer;
        Exchange x = exchange;
        if (to != null && x != null && state == State.ANSWERING) {
            to.goOn();
            sendingWentOn(to, x);
        }
    }

    private void sendTimedOut() {
        Exchange x = exchange;
        if (x != null) {
            x.log(Level.INFO, TIMED_OUT);
            lose(x, 408);
            closeTimedOut(x);
        }
    }

    @Override
    public void abort(Exchange x) {
        if (x != exchange) {
            return;
        }
        Answer to = answer;
        boolean mustBeSeen = to != null && to.endsWithConnection();
        if (to != null) {
            to.flush();
        }
        lose(x, 0);
        if (mustBeSeen || x.logStatus == 444 && x.location.core.resetTimedoutConnection()) {
            wire.reset();
        }
        close();
    }

    @Override
    public @Nullable Wire takeWire(Exchange x) {
        Answer to = answerOf(x);
        if (to == null) {
            return null;
        }
        to.flush();
        x.request.detach();
        state = State.TUNNEL;
        readDeadline.clear();
        if (sendDeadline != null) {
            sendDeadline.clear();
        }
        freeParser();
        undelayed(x);
        wire.reading(false);
        x.whenDone(this::tunnelEnded);
        return wire;
    }

    private void tunnelEnded() {
        if (state == State.TUNNEL) {
            if (wire.isOpen()) {
                wire.closeWhenSent();
            }
            gone(ConnectionCounts.WRITING);
        }
    }

    // ---------------------------------------------------------------- between requests

    /** The answer has been taken by the kernel: the exchange is over. */
    private void finish() {
        Exchange x = exchange;
        Http1Body read = body;
        if (x == null || read == null || finishing) {
            return;
        }
        finishing = true;
        if (sendDeadline != null) {
            sendDeadline.clear();
        }
        readDeadline.clear();
        CoreSettings core = x.location.core;
        boolean keep = x.keepAlive;
        x.sent();
        x.request.clear();
        exchange = null;
        answer = null;
        freeParser();
        finishing = false;
        if (state == State.CLOSED) {
            return;
        }
        if (!wire.isOpen()) {
            gone(ConnectionCounts.WRITING);
            return;
        }
        if (read.isComplete() || read.hasFailed() || !read.isDiscarding()) {
            lingers |= !read.isComplete();
            ended(core, keep && read.isComplete());
        } else {
            state = State.DISCARDING;
            keepAfterDiscard = keep;
            lingerSettings = core;
            lingerUntil = client.loop.nanos() + core.lingeringTime() * 1_000_000;
            readDeadline.in(Math.max(1, core.lingeringTimeout()));
        }
        if (input == null) {
            settle(null);
        }
    }

    /** The request and its answer are complete: waits for the next request, or closes. */
    private void ended(CoreSettings core, boolean keep) {
        body = null;
        lingerSettings = null;
        if (keep && (core.keepaliveMinTimeout() > 0 || !group.isDraining() && core.keepaliveTimeout() > 0)) {
            group.counts.down(ConnectionCounts.WRITING);
            group.counts.up(ConnectionCounts.WAITING);
            state = State.IDLE;
            long whole = core.keepaliveTimeout();
            long least = core.keepaliveMinTimeout();
            idleFirst = Math.max(1, least > 0 && whole > least ? least : whole);
            idleRest = whole - idleFirst;
            closable = least == 0;
            if (!noDelay && core.tcpNodelay()) {
                noDelay = true;
                wire.noDelay(true);
            }
            return;
        }
        ByteBuf more = input;
        boolean sending = lingers || behind || more != null && more.isReadable();
        if (core.lingeringClose() == LingeringClose.ALWAYS || core.lingeringClose() == LingeringClose.ON && sending) {
            state = State.LINGERING;
            lingerSettings = core;
            lingerUntil = client.loop.nanos() + core.lingeringTime() * 1_000_000;
            wire.shutOutput();
            linger();
        } else {
            close();
        }
    }

    private void linger() {
        CoreSettings core = lingerSettings;
        if (core == null || !lingerOn(core)) {
            close();
        }
    }

    /** Gives the client more time to end; false if it had enough. */
    private boolean lingerOn(CoreSettings core) {
        long left = (lingerUntil - client.loop.nanos()) / 1_000_000;
        if (left <= 0) {
            return false;
        }
        readDeadline.in(Math.clamp(core.lingeringTimeout(), 1, Math.max(1, left)));
        return true;
    }

    // ---------------------------------------------------------------- ends

    @Override
    public void onEnd(Wire from) {
        Exchange x = exchange;
        switch (state) {
            case IDLE -> {
                tellGone();
                close();
            }
            case HEAD -> failHead(GONE, 400);
            case ANSWERING -> {
                if (x != null) {
                    boolean inBody = body != null && body.wantsBytes();
                    if (!inBody && x.ignoresClientAbort) {
                        return;
                    }
                    if (inBody || !x.hearsOfAbort()) {
                        x.log(Level.INFO, GONE);
                    }
                    lose(x, inBody ? 400 : 499);
                    close();
                }
            }
            case DISCARDING, LINGERING -> close();
            default -> {}
        }
    }

    @Override
    public void onClosed(Wire from, @Nullable IOException cause) {
        Exchange x = exchange;
        String message = cause == null || cause.getMessage() == null ? GONE : cause.getMessage();
        switch (state) {
            case HEAD -> failHead(message, 400);
            case ANSWERING -> {
                if (x != null && !(x.ignoresClientAbort && !(body != null && body.wantsBytes()))) {
                    if (!x.hearsOfAbort()) {
                        x.log(Level.INFO, message);
                    }
                    lose(x, 499);
                    gone(ConnectionCounts.WRITING);
                } else if (answer != null && answer.isEnded()) {
                    finish();
                } else if (x != null) {
                    x.onDrained(); // nothing waits for a client that has gone
                }
            }
            case TUNNEL, CLOSED -> {}
            default -> close();
        }
    }

    private void readTimedOut() {
        Exchange x = exchange;
        switch (state) {
            case IDLE -> {
                if (idleRest > 0 && !group.isDraining()) {
                    closable = true;
                    readDeadline.in(idleRest);
                    idleRest = 0;
                } else {
                    if (client.requests == 0) {
                        tell(TIMED_OUT + " while waiting for request");
                    }
                    close();
                }
            }
            case HEAD -> {
                if (x != null) {
                    failHead(TIMED_OUT, 408);
                }
            }
            case ANSWERING -> {
                if (x != null) {
                    x.log(Level.INFO, TIMED_OUT);
                    lose(x, 408);
                    closeTimedOut(x);
                }
            }
            default -> close();
        }
    }

    private void failHead(String message, int status) {
        Exchange x = exchange;
        if (x != null) {
            x.log(Level.INFO, message);
            state = State.ANSWERING;
            group.counts.down(ConnectionCounts.READING);
            group.counts.up(ConnectionCounts.WRITING);
            lose(x, status);
            if (status == 408) {
                closeTimedOut(x);
            }
        }
        close();
    }

    /** Ends an exchange that cannot be answered to its end. */
    private void lose(Exchange x, int status) {
        Answer to = answer;
        answer = null;
        if (to != null) {
            to.release();
        }
        exchange = null;
        x.aborted(status);
    }

    private void closeTimedOut(Exchange x) {
        if (x.location.core.resetTimedoutConnection()) {
            wire.reset();
        }
        close();
    }

    void close() {
        if (state == State.CLOSED) {
            return;
        }
        wire.close();
        gone(
                switch (state) {
                    case IDLE -> ConnectionCounts.WAITING;
                    case HEAD -> ConnectionCounts.READING;
                    default -> ConnectionCounts.WRITING;
                });
    }

    private void gone(int counted) {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        readDeadline.clear();
        if (sendDeadline != null) {
            sendDeadline.clear();
        }
        Answer to = answer;
        answer = null;
        if (to != null) {
            to.release();
        }
        exchange = null;
        body = null;
        freeParser();
        group.counts.down(counted);
        group.counts.down(ConnectionCounts.ACTIVE);
        group.gone(this);
    }

    private void freeParser() {
        RequestHeadParser used = parser;
        if (used != null) {
            parser = null;
            group.giveParser(used);
        }
    }

    /** The configuration is retired: closes if that harms nobody. */
    void drain() {
        if (state == State.IDLE && closable) {
            close();
        }
    }

    /** Closes, whatever it is at. */
    void cut() {
        Exchange x = exchange;
        if (state == State.TUNNEL && x != null) {
            x.aborted(499);
        } else if (x != null) {
            lose(x, 499);
        }
        close();
    }

    private void tellGone() {
        String address = client.remoteAddress();
        if (client.requests == 0) {
            tell("client closed connection while waiting for request, client: " + address + ", server: "
                    + point.spec().text());
        } else {
            tell("client " + address + " closed keepalive connection");
        }
    }

    private void tell(String message) {
        byDefault().level().core.errorLog().log(Level.INFO, client.number, message);
    }
}
