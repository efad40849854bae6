package io.gatehouse.protocol.http2;

import io.gatehouse.exchange.ClientConnection;
import io.gatehouse.exchange.CoreSettings;
import io.gatehouse.exchange.CoreSettings.LingeringClose;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Headers;
import io.gatehouse.exchange.Timeline;
import io.gatehouse.exchange.VirtualServer;
import io.gatehouse.observe.log.Level;
import io.gatehouse.observe.status.ConnectionCounts;
import io.gatehouse.protocol.ConnectionLine;
import io.gatehouse.protocol.KeepAlive;
import io.gatehouse.protocol.Linger;
import io.gatehouse.protocol.SendDeadline;
import io.gatehouse.protocol.ServedConnection;
import io.gatehouse.protocol.ServedConnections;
import io.gatehouse.route.ListenPoint;
import io.gatehouse.wire.Deadline;
import io.gatehouse.wire.Sink;
import io.gatehouse.wire.Wire;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a client over HTTP/2: its streams, how long it may be silent, and how it ends. What frames mean is the matter
 * of {@link HeaderBlocks} and {@link FrameEvents}, what is sent that of {@link Outflow}. On its loop.
 */
final class Http2Connection extends ServedConnection implements Sink, Outflow.Watcher {
    static final String TIMED_OUT = "client timed out (110: Connection timed out)";

    private enum State {
        OPEN,
        /** Nothing more is sent, but the client may still be sending. */
        LINGERING,
        /** The wire is closed, and exchanges that do not need the client go on. */
        ABANDONED,
        CLOSED,
    }

    final Http2Connections group;
    final ServedConnections served;
    final ListenPoint point;
    final ClientConnection client;
    final Outflow outflow;
    final StreamTable streams = new StreamTable();
    final Floods floods;
    final WindowBudget budget = new WindowBudget();
    final Http2Settings settings;
    final StreamEnds ends;
    private final Wire wire;
    final HeaderBlocks blocks;
    final FrameEvents events;
    private final FrameReader reader;
    private final Deadline idle;
    private final Deadline headPatience;
    private final SendDeadline sendPatience;

    private State state = State.OPEN;
    private int counted = ConnectionCounts.WAITING;
    /** GOAWAY was sent: no stream begins any more. */
    private boolean goingAway;

    private @Nullable Linger linger;

    Http2Connection(Http2Connections group, ListenPoint point, ClientConnection client) {
        this.group = group;
        this.served = group.served;
        this.point = point;
        this.client = client;
        this.wire = client.wire;
        this.settings = Http2Settings.of(byDefault().level());
        this.outflow = new Outflow(wire, group.writer, this);
        this.floods = new Floods(client.loop);
        this.blocks = new HeaderBlocks(this);
        this.events = new FrameEvents(this, blocks);
        this.reader = new FrameReader(events);
        this.ends = new StreamEnds(this);
        this.idle = client.loop.deadline(this::idleTooLong);
        this.headPatience = client.loop.deadline(blocks::headTimedOut);
        this.sendPatience = new SendDeadline(wire, outflow::plan, this::sendTimedOut);
    }

    void begin() {
        served.counts.up(counted);
        FrameWriter writer = outflow.writer;
        writer.settings(settings.concurrentStreams(), settings.bodyPreread(), true);
        writer.windowUpdate(0, Frame.MAX_WINDOW - Frame.DEFAULT_WINDOW);
        outflow.plan();
        if (core().tcpNodelay()) {
            wire.noDelay(true);
        }
        idle.in(Math.max(1, byDefault().settings().clientHeaderTimeout()));
        wire.watchForEnd(true);
        wire.reading(true);
    }

    VirtualServer byDefault() {
        return point.names().byDefault();
    }

    private CoreSettings core() {
        return byDefault().level().core;
    }

    // ---------------------------------------------------------------- streams

    /** The exchange of a new stream. */
    Exchange exchange(Http2Answer answer, Http2Body body) {
        client.requests++;
        Exchange x = new Exchange(client, byDefault(), answer, served.pipeline, body, null);
        x.timeline.mark(Timeline.Instant.FIRST_BYTE, client.loop.nanos());
        x.action = "reading client request headers";
        return x;
    }

    /** A stream begins. */
    void opened(Http2Stream stream) {
        streams.add(stream);
        idle.clear();
        served.counts.up(ConnectionCounts.REQUESTS);
        count(ConnectionCounts.WRITING);
        floods.earn(Floods.PRIORITIES, settings.concurrentStreams());
        floods.earn(Floods.UPDATES, 4);
        if (!goingAway && !KeepAlive.allows(core(), client)) {
            goAway(ErrorCode.NO_ERROR);
        }
    }

    private void count(int as) {
        if (counted != as) {
            served.counts.down(counted);
            counted = as;
            served.counts.up(as);
        }
    }

    boolean isGoingAway() {
        return goingAway;
    }

    void goAway(int code) {
        goingAway = true;
        outflow.writer.goAway(blocks.lastStream(), code);
        outflow.plan();
    }

    @Override
    public void sent(Http2Stream stream) {
        ends.sent(stream);
    }

    /** What a stream held is free; perhaps it was the last one. */
    void freed() {
        if (streams.size() == 0 && state == State.ABANDONED) {
            gone();
        } else if (streams.size() == 0) {
            outflow.plan(); // what becomes of the connection is seen to when everything was told
        }
    }

    void sendContinue(int id, Exchange x) {
        Http2Stream stream = streams.get(id);
        if (stream != null && !x.isDone()) {
            stream.interim(100, new Headers());
        }
    }

    /** Lets the client send more, on a stream or (0) on all together. */
    void openWindow(int stream, int more) {
        outflow.writer.windowUpdate(stream, more);
        outflow.plan();
    }

    // ---------------------------------------------------------------- reading

    @Override
    public void onBytes(Wire from, ByteBuf in) {
        if (state == State.LINGERING) {
            in.skipBytes(in.readableBytes());
            lingerOn();
            return;
        }
        floods.received(in.readableBytes());
        blocks.beginRead();
        reader.read(in);
        if (state != State.OPEN) {
            return;
        }
        if (served.isDraining()) {
            drain(); // what came together is answered together
        }
        if (floods.isOutOfProportion()) {
            broken(ErrorCode.NO_ERROR, "http2 flood detected");
            return;
        }
        if (!blocks.isWithinHead()) {
            headPatience.clear();
        } else if (!headPatience.isArmed()) {
            headPatience.in(Math.max(1, byDefault().settings().clientHeaderTimeout()));
        }
    }

    void flood(int kind) {
        broken(ErrorCode.ENHANCE_YOUR_CALM, "client sent too many " + Floods.name(kind));
    }

    /** The connection cannot go on: says so, and ends it. */
    void broken(int code, String why) {
        if (state == State.OPEN) {
            tell(why);
            end(code, 400);
        }
    }

    private void end(int code, int status) {
        reader.stop();
        if (!goingAway || code != ErrorCode.NO_ERROR) {
            goAway(code);
        }
        ends.loseAll(status);
        outflow.writer.flush();
        lingerOrClose();
    }

    // ---------------------------------------------------------------- between requests, and the end

    @Override
    public void flushed() {
        if (state != State.OPEN) {
            return;
        }
        if (floods.isDribbling()) {
            flood(Floods.DRIBBLES);
            return;
        }
        if (wire.queued() > 0) {
            sendPatience.watch(0, core().sendTimeout());
        } else {
            sendPatience.clear();
            events.repliesTaken();
        }
        if (streams.size() > 0) {
            return;
        }
        count(ConnectionCounts.WAITING);
        if (goingAway) {
            if (wire.queued() == 0) {
                reader.stop();
                lingerOrClose();
            }
        } else if (!idle.isArmed()) {
            idle.in(Math.max(1, core().keepaliveTimeout()));
        }
    }

    private void idleTooLong() {
        if (state != State.OPEN) {
            close();
        } else if (reader.isWithinFrame()) {
            tell(TIMED_OUT);
            end(ErrorCode.PROTOCOL_ERROR, 408);
        } else {
            end(ErrorCode.NO_ERROR, 0);
        }
    }

    private void sendTimedOut() {
        for (Http2Stream stream : streams.all()) {
            stream.exchange().log(Level.INFO, TIMED_OUT);
        }
        ends.loseAll(408);
        if (core().resetTimedoutConnection()) {
            wire.reset();
        }
        close();
    }

    private void lingerOrClose() {
        if (state != State.OPEN) {
            return;
        }
        quiet();
        if (!wire.isOpen() || core().lingeringClose() == LingeringClose.OFF) {
            state = State.LINGERING;
            wire.closeWhenSent();
            if (!wire.isOpen()) {
                gone();
            }
            return;
        }
        state = State.LINGERING;
        linger = new Linger(core(), client.loop, false);
        wire.shutOutput();
        wire.reading(true);
        lingerOn();
    }

    private void quiet() {
        outflow.close();
        idle.clear();
        headPatience.clear();
        sendPatience.clear();
    }

    private void lingerOn() {
        long millis = linger == null ? 0 : linger.millis();
        if (millis == 0) {
            close();
        } else {
            idle.in(millis);
        }
    }

    @Override
    public void onWritable(Wire from) {
        if (state == State.OPEN) {
            outflow.send();
        }
    }

    @Override
    public void onEnd(Wire from) {
        if (state == State.LINGERING) {
            close();
        } else {
            clientGone();
        }
    }

    @Override
    public void onClosed(Wire from, @Nullable IOException cause) {
        if (state == State.LINGERING) {
            gone();
        } else {
            clientGone();
        }
    }

    private void clientGone() {
        if (state != State.OPEN) {
            return;
        }
        if (streams.size() > 0 || reader.isWithinFrame()) {
            tell("client prematurely closed connection");
        }
        reader.stop();
        quiet();
        state = State.ABANDONED;
        wire.close();
        for (Http2Stream stream : streams.all()) {
            if (streams.get(stream.id) != null) {
                ends.left(stream);
            }
        }
        if (streams.size() == 0) {
            gone();
        }
    }

    private void close() {
        if (state != State.CLOSED) {
            wire.close();
            gone();
        }
    }

    private void gone() {
        if (state != State.CLOSED) {
            state = State.CLOSED;
            quiet();
            blocks.close();
            served.counts.down(counted);
            served.gone(this);
        }
    }

    @Override
    protected void drain() {
        // Who has asked for nothing yet is about to, and gets that answered first.
        if (state == State.OPEN && !goingAway && blocks.lastStream() > 0) {
            goAway(ErrorCode.NO_ERROR);
        } else if (state == State.LINGERING) {
            close();
        }
    }

    @Override
    protected void cut() {
        ends.loseAll(499);
        close();
    }

    /** A line of the error log about the connection. */
    void tell(String message) {
        String line = ConnectionLine.during(message, "processing HTTP/2 connection", client, point);
        ConnectionLine.log(point, client, Level.INFO, line);
    }
}
