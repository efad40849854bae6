package io.gatehouse.protocol.http1;

import io.gatehouse.exchange.ClientConnection;
import io.gatehouse.exchange.CoreSettings;
import io.gatehouse.exchange.CoreSettings.LingeringClose;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.observe.log.Level;
import io.gatehouse.observe.status.ConnectionCounts;
import io.gatehouse.protocol.ConnectionLine;
import io.gatehouse.protocol.Linger;
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
    /** Bytes that come before they are wanted are copied, lest they hold a large buffer; more are kept where they are. */
    private static final int COPIED = 16 * 1024;

    private static final String TIMED_OUT = "client timed out (110: Connection timed out)";
    private static final String GONE = "client prematurely closed connection";

    final Http1Connections group;
    final ServedConnections served;
    final ClientConnection client;
    final Responder responder;
    final CurrentRequest request = new CurrentRequest(this);
    private final ListenPoint point;
    private final Wire wire;
    private final Deadline readDeadline;
    private final IdleTime idle = new IdleTime();

    private ConnectionState state = ConnectionState.IDLE;
    /** What is being worked on; null outside of {@link #onBytes}. */
    private @Nullable ByteBuf input;

    private @Nullable Linger linger;

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
        readDeadline.in(Math.max(1, point.names().byDefault().settings().clientHeaderTimeout()));
        wire.watchForEnd(true);
        wire.reading(true);
    }

    private void become(ConnectionState to) {
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
                if (state == ConnectionState.IDLE) {
                    request.followed();
                }
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
            case ANSWERING -> request.takeBody(in);
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
        if (!CurrentRequest.comesIn(in)) {
            return false;
        }
        request.begin(point);
        if (client.requests > 1) {
            readDeadline.clear(); // that of the idle connection; a new one has its own from the beginning
        }
        served.counts.up(ConnectionCounts.REQUESTS);
        become(ConnectionState.HEAD);
        return true;
    }

    private boolean readHead(ByteBuf in) {
        if (!request.readHead(in)) {
            if (!readDeadline.isArmed()) {
                readDeadline.in(request.headTimeout());
            }
            return true;
        }
        readDeadline.clear();
        become(ConnectionState.ANSWERING);
        request.answer(in);
        return true;
    }

    private boolean dropBody(ByteBuf in) {
        Http1Body left = request.body();
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

    /** After bytes were worked on: puts back what nobody took, and sees to reading and deadlines. */
    private void settle(@Nullable ByteBuf in) {
        if (in != null && in.isReadable() && wire.isOpen()) {
            if (request.isRefused()) {
                in.skipBytes(in.readableBytes());
            } else {
                request.followed();
                int rest = in.readableBytes();
                wire.unread(rest <= COPIED ? client.loop.buffer(rest).writeBytes(in) : in.readRetainedSlice(rest));
            }
        }
        Http1Body body = request.body();
        if (state == ConnectionState.DISCARDING && linger != null && body != null && body.isComplete()) {
            ended(linger.settings, linger.thenKept); // answered within its last piece
        }
        switch (state) {
            case IDLE -> {
                long millis = idle.takeFirst();
                if (millis > 0) {
                    readDeadline.in(millis);
                }
                wire.reading(true);
            }
            case HEAD, LINGERING, DISCARDING -> wire.reading(true);
            case ANSWERING -> {
                Exchange x = request.exchange();
                boolean wanted = body != null && body.wantsBytes();
                if (x != null && body != null && body.isBeingRead()) {
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

    void bodyDemandChanged() {
        if (input == null && state == ConnectionState.ANSWERING) {
            settle(null);
        }
    }

    // ---------------------------------------------------------------- between requests

    /** The answer has been taken by the kernel: the exchange is over. */
    void finish() {
        Exchange x = request.exchange();
        Http1Body read = request.body();
        if (x == null || read == null) {
            return;
        }
        readDeadline.clear();
        CoreSettings core = x.location.core;
        boolean keep = x.keepAlive;
        request.finish(x);
        if (state == ConnectionState.CLOSED) {
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
            become(ConnectionState.DISCARDING);
            readDeadline.in(Math.max(1, core.lingeringTimeout()));
        } else {
            if (!read.isComplete()) {
                request.leavesBody();
            }
            ended(core, keep && read.isComplete());
        }
        if (input == null) {
            settle(null);
        }
    }

    /** The request and its answer are complete: waits for the next request, or closes. */
    private void ended(CoreSettings core, boolean keep) {
        request.loseBody();
        linger = null;
        if (keep && idle.begin(core, served.isDraining())) {
            become(ConnectionState.IDLE);
            return;
        }
        ByteBuf more = input;
        boolean sending = request.isFollowed() || more != null && more.isReadable();
        if (core.lingeringClose() == LingeringClose.ALWAYS || core.lingeringClose() == LingeringClose.ON && sending) {
            linger = new Linger(core, client.loop, false);
            become(ConnectionState.LINGERING);
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
        become(ConnectionState.TUNNEL);
        x.request.detach();
        readDeadline.clear();
        request.freeHead();
        wire.reading(false);
        x.whenDone(this::tunnelEnded);
    }

    private void tunnelEnded() {
        if (state == ConnectionState.TUNNEL) {
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
                tell(
                        client.requests == 0
                                ? ConnectionLine.closedWithoutRequest(client, point)
                                : "client " + client.remoteAddress() + " closed keepalive connection");
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
                Exchange x = request.exchange();
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
        if (request.loseWithClient(state == ConnectionState.HEAD, message)) {
            close();
        }
    }

    private void readTimedOut() {
        switch (state) {
            case IDLE -> {
                long more = served.isDraining() ? 0 : idle.takeRest();
                if (more > 0) {
                    readDeadline.in(more);
                } else {
                    if (client.requests == 0) {
                        tell(ConnectionLine.during(TIMED_OUT, "waiting for request", client, point));
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
        Exchange x = request.exchange();
        if (x != null) {
            x.log(Level.INFO, TIMED_OUT);
            request.lose(x, 408);
            if (x.location.core.resetTimedoutConnection()) {
                wire.reset();
            }
        }
        close();
    }

    void close() {
        if (state != ConnectionState.CLOSED) {
            wire.close();
            gone();
        }
    }

    private void gone() {
        served.counts.down(state.count);
        state = ConnectionState.CLOSED;
        readDeadline.clear();
        request.close();
        served.gone(this);
    }

    @Override
    protected void drain() {
        if (state == ConnectionState.IDLE && idle.isClosable()) {
            close();
        }
    }

    @Override
    protected void cut() {
        Exchange x = request.exchange();
        if (x != null) {
            request.lose(x, 499);
        }
        close();
    }

    private void tell(String message) {
        ConnectionLine.log(point, client, Level.INFO, message);
    }
}
