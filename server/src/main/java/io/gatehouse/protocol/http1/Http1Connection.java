package io.gatehouse.protocol.http1;

import io.gatehouse.exchange.ClientConnection;
import io.gatehouse.exchange.CoreSettings;
import io.gatehouse.exchange.CoreSettings.LingeringClose;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Timeline;
import io.gatehouse.exchange.VirtualServer;
import io.gatehouse.observe.log.Level;
import io.gatehouse.observe.status.ConnectionCounts;
import io.gatehouse.protocol.Linger;
import io.gatehouse.protocol.RequestFields;
import io.gatehouse.protocol.ServedConnection;
import io.gatehouse.protocol.ServedConnections;
import io.gatehouse.route.ListenPoint;
import io.gatehouse.wire.Deadline;
import io.gatehouse.wire.ErrnoException;
import io.gatehouse.wire.Sink;
import io.gatehouse.wire.Wire;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a client over HTTP/1: reads one request after another, gives each to the pipeline as an exchange, and
 * decides what becomes of the connection when it is answered. A request is not read before the one before it is answered.
 * On its loop.
 */
final class Http1Connection extends ServedConnection implements Sink {
    /** What the connection is at, and how it counts. */
    private enum State {
        /** Waits for the first byte of a request. */
        IDLE(ConnectionCounts.WAITING),
        /** Reads a head. */
        HEAD(ConnectionCounts.READING),
        /** A request is being answered. */
        ANSWERING(ConnectionCounts.WRITING),
        /** The answer is sent, and what is left of the request's body is dropped. */
        DISCARDING(ConnectionCounts.WRITING),
        /** Nothing more is sent, but the client may still be sending ({@code lingering_close}). */
        LINGERING(ConnectionCounts.WRITING),
        /** The wire serves a tunnel. */
        TUNNEL(ConnectionCounts.WRITING),
        CLOSED(-1);

        final int count;

        State(int count) {
            this.count = count;
        }
    }

    /** Bytes that come before they are wanted are copied, lest they hold a large buffer; more are kept where they are. */
    private static final int COPIED = 16 * 1024;

    private static final String TIMED_OUT = "client timed out (110: Connection timed out)";
    private static final String GONE = "client prematurely closed connection";

    private final Http1Connections group;
    private final ServedConnections served;
    private final ListenPoint point;
    private final ClientConnection client;
    private final Wire wire;
    private final Responder responder;
    private final Deadline readDeadline;

    private State state = State.IDLE;
    /** What is being worked on; null outside of {@link #onBytes}. */
    private @Nullable ByteBuf input;

    private @Nullable RequestHeadParser parser;
    private @Nullable Exchange exchange;
    private @Nullable Http1Body body;
    private @Nullable Linger linger;

    private boolean refused;
    private boolean lingers;
    /** Whether bytes of the next request came while this one was being answered. */
    private boolean behind;

    /** Milliseconds that an idle connection is yet to be given, in two parts; 0 when that is done. */
    private long idleFirst;

    private long idleRest;
    /** Whether an idle connection may be closed when the configuration is retired. */
    private boolean closable;

    Http1Connection(Http1Connections group, ListenPoint point, ClientConnection client) {
        this.group = group;
        this.served = group.served;
        this.point = point;
        this.client = client;
        this.wire = client.wire;
        this.responder = new Responder(this, group, client);
        this.readDeadline = client.loop.deadline(this::readTimedOut);
    }

    void begin() {
        served.counts.up(state.count);
        readDeadline.in(Math.max(1, byDefault().settings().clientHeaderTimeout()));
        wire.watchForEnd(true);
        wire.reading(true);
    }

    private VirtualServer byDefault() {
        return point.names().byDefault();
    }

    private void become(State to) {
        served.counts.down(state.count);
        state = to;
        served.counts.up(to.count);
    }

    // ---------------------------------------------------------------- reading

    @Override
    public void onBytes(Wire from, ByteBuf in) {
        input = in;
        try {
            while (in.isReadable() && take(in)) {
                // one request after another: what follows an answered one was sent without waiting for it
                behind |= state == State.IDLE;
            }
        } finally {
            input = null;
        }
        settle(in);
    }

    /** Hands bytes to whom they are for. Returns false if nobody takes them now. */
    private boolean take(ByteBuf in) {
        return switch (state) {
            case IDLE -> takeFirst(in);
            case HEAD -> readHead(in);
            case ANSWERING -> body != null && body.take(in);
            case DISCARDING -> dropBody(in);
            case LINGERING -> {
                in.skipBytes(in.readableBytes());
                lingerOn();
                yield false;
            }
            default -> false;
        };
    }

    private boolean takeFirst(ByteBuf in) {
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
        if (state == State.DISCARDING && linger != null && body != null && body.isComplete()) {
            ended(linger.settings, linger.thenKept); // answered within its last piece
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
                Http1Body read = body;
                Exchange x = exchange;
                boolean wanted = read != null && read.wantsBytes();
                if (x != null && read != null && read.isBeingRead()) {
                    readDeadline.in(Math.max(1, x.location.core.clientBodyTimeout()));
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

    void sendContinue(Exchange x) {
        responder.sendContinue(x);
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
        Exchange x = new Exchange(client, byDefault(), responder, served.pipeline, ofRequest, null);
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
        responder.begin(x, ofRequest);
        if (client.requests > 1) {
            readDeadline.clear(); // that of the idle connection; a new one has its own from the beginning
        }
        served.counts.up(ConnectionCounts.REQUESTS);
        become(State.HEAD);
    }

    private boolean readHead(ByteBuf in) {
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
            return true;
        }
        readDeadline.clear();
        become(State.ANSWERING);
        if (result == RequestHeadParser.REFUSED) {
            refused = true;
            lingers = reader.lingers() || in.isReadable();
            in.skipBytes(in.readableBytes());
            served.pipeline.refuse(x, reader.status());
            return true;
        }
        RequestFields fields = reader.meaning();
        ofRequest.begin(fields);
        x.keepAlive =
                !fields.close && (fields.keepAlive || x.version >= Exchange.HTTP_11) && x.version != Exchange.HTTP_09;
        served.pipeline.begin(x);
        return true;
    }

    private boolean dropBody(ByteBuf in) {
        Http1Body left = body;
        Linger limit = linger;
        if (left == null || limit == null) {
            throw new IllegalStateException();
        }
        boolean took = left.drop(in);
        if (left.isComplete()) {
            ended(limit.settings, limit.thenKept);
        } else if (left.hasFailed()) {
            close();
        } else {
            lingerOn();
        }
        return took;
    }

    // ---------------------------------------------------------------- between requests

    /** The answer has been taken by the kernel: the exchange is over. */
    void finish() {
        Exchange x = exchange;
        Http1Body read = body;
        if (x == null || read == null) {
            return;
        }
        exchange = null;
        responder.clear();
        readDeadline.clear();
        CoreSettings core = x.location.core;
        boolean keep = x.keepAlive;
        x.sent();
        x.request.clear();
        freeParser();
        if (state == State.CLOSED) {
            return;
        }
        if (!wire.isOpen()) {
            gone();
            return;
        }
        if (keep) {
            responder.undelayed(x);
        }
        if (!read.isComplete() && read.isDiscarding() && !read.hasFailed()) {
            linger = new Linger(core, client.loop, keep);
            become(State.DISCARDING);
            readDeadline.in(Math.max(1, core.lingeringTimeout()));
        } else {
            lingers |= !read.isComplete();
            ended(core, keep && read.isComplete());
        }
        if (input == null) {
            settle(null);
        }
    }

    /** The request and its answer are complete: waits for the next request, or closes. */
    private void ended(CoreSettings core, boolean keep) {
        body = null;
        linger = null;
        if (keep && (core.keepaliveMinTimeout() > 0 || !served.isDraining() && core.keepaliveTimeout() > 0)) {
            become(State.IDLE);
            long whole = core.keepaliveTimeout();
            long least = core.keepaliveMinTimeout();
            idleFirst = Math.max(1, least > 0 && whole > least ? least : whole);
            idleRest = whole - idleFirst;
            closable = least == 0;
            return;
        }
        ByteBuf more = input;
        boolean sending = lingers || behind || more != null && more.isReadable();
        if (core.lingeringClose() == LingeringClose.ALWAYS || core.lingeringClose() == LingeringClose.ON && sending) {
            linger = new Linger(core, client.loop, false);
            become(State.LINGERING);
            wire.shutOutput();
            lingerOn();
        } else {
            close();
        }
    }

    /** Gives the client more time to send what is dropped, or closes. */
    private void lingerOn() {
        long millis = linger == null ? 0 : linger.millis();
        if (millis == 0) {
            close();
        } else {
            readDeadline.in(millis);
        }
    }

    /** The wire goes to a tunnel, and the connection waits for the end of the exchange. */
    void becomeTunnel(Exchange x) {
        become(State.TUNNEL);
        x.request.detach();
        readDeadline.clear();
        freeParser();
        wire.reading(false);
        x.whenDone(this::tunnelEnded);
    }

    private void tunnelEnded() {
        if (state == State.TUNNEL) {
            wire.closeWhenSent();
            gone();
        }
    }

    // ---------------------------------------------------------------- ends

    @Override
    public void onWritable(Wire from) {
        responder.goOn();
    }

    @Override
    public void onEnd(Wire from) {
        switch (state) {
            case IDLE -> {
                tellGone();
                close();
            }
            case HEAD, ANSWERING -> clientGone(GONE);
            case DISCARDING, LINGERING -> close();
            default -> {}
        }
    }

    @Override
    public void onClosed(Wire from, @Nullable IOException cause) {
        switch (state) {
            case HEAD, ANSWERING -> {
                clientGone(cause instanceof ErrnoException e ? e.call() + "() failed (" + e.getMessage() + ")" : GONE);
                Exchange x = exchange;
                if (responder.isEnded()) {
                    finish();
                } else if (x != null) {
                    x.onDrained(); // nothing waits for a client that has gone
                }
            }
            case TUNNEL -> {}
            default -> close();
        }
    }

    private void clientGone(String message) {
        Exchange x = exchange;
        if (x == null) {
            return;
        }
        boolean sending = state == State.HEAD || body != null && body.isBeingRead();
        if (!sending && x.ignoresClientAbort) {
            return;
        }
        if (sending || !x.hearsOfAbort()) {
            x.log(Level.INFO, message);
        }
        lose(x, sending ? 400 : 499);
        close();
    }

    private void readTimedOut() {
        switch (state) {
            case IDLE -> {
                if (idleRest > 0 && !served.isDraining()) {
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
            case HEAD, ANSWERING -> timedOut();
            default -> close();
        }
    }

    /** The client was too slow to send or to take. */
    void timedOut() {
        Exchange x = exchange;
        if (x != null) {
            x.log(Level.INFO, TIMED_OUT);
            lose(x, 408);
            if (x.location.core.resetTimedoutConnection()) {
                wire.reset();
            }
        }
        close();
    }

    /** Ends an exchange that cannot be answered to its end. */
    void lose(Exchange x, int status) {
        exchange = null;
        responder.clear();
        x.aborted(status);
    }

    void close() {
        if (state != State.CLOSED) {
            wire.close();
            gone();
        }
    }

    private void gone() {
        served.counts.down(state.count);
        state = State.CLOSED;
        readDeadline.clear();
        responder.clear();
        exchange = null;
        body = null;
        freeParser();
        served.gone(this);
    }

    private void freeParser() {
        RequestHeadParser used = parser;
        if (used != null) {
            parser = null;
            group.giveParser(used);
        }
    }

    @Override
    protected void drain() {
        if (state == State.IDLE && closable) {
            close();
        }
    }

    @Override
    protected void cut() {
        Exchange x = exchange;
        if (x != null) {
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
