package io.gatehouse.protocol.http1;

import io.gatehouse.exchange.ClientConnection;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Headers;
import io.gatehouse.exchange.ResponseSink;
import io.gatehouse.observe.log.Level;
import io.gatehouse.protocol.KeepAlive;
import io.gatehouse.protocol.SendDeadline;
import io.gatehouse.wire.Wire;
import io.netty.buffer.ByteBuf;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The sending side of one connection: carries the answer of one exchange after another. On its loop. */
final class Responder implements ResponseSink {
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Http1Connection connection;
    private final Http1Connections group;
    private final ClientConnection client;
    private final Wire wire;

    /** The one that is being answered. */
    private @Nullable Exchange exchange;

    private @Nullable Http1Body body;
    private @Nullable Answer answer;
    private @Nullable SendDeadline deadline;
    private boolean noDelay;

    Responder(Http1Connection connection, Http1Connections group, ClientConnection client) {
        this.connection = connection;
        this.group = group;
        this.client = client;
        this.wire = client.wire;
    }

    void begin(Exchange x, Http1Body ofRequest) {
        exchange = x;
        body = ofRequest;
    }

    /** Forgets the exchange and what was not sent of its answer. */
    void clear() {
        exchange = null;
        body = null;
        clearAnswer();
    }

    private void clearAnswer() {
        Answer left = answer;
        answer = null;
        if (left != null) {
            left.release();
        }
        if (deadline != null) {
            deadline.clear();
        }
    }

    /** Whether the whole answer was handed over. */
    boolean isEnded() {
        return answer != null && answer.isEnded();
    }

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
        Http1Body asked = body;
        if (x != exchange || asked == null) {
            return;
        }
        if (!asked.isStarted()) {
            asked.discard();
        }
        // a client that holds its body back for a 100 that will not come: whether it still sends it nobody can know
        boolean waitsInVain = asked.awaitsContinue() && asked.received() == 0;
        x.keepAlive = x.keepAlive && !waitsInVain && KeepAlive.lasts(x, group.served.isDraining(), client);
        Answer begun = new Answer(x);
        answer = begun;
        begun.head(group.heads);
    }

    @Override
    public void body(Exchange x, ByteBuf owned) {
        Answer to = answerOf(x);
        if (to == null) {
            owned.release();
        } else {
            to.body(owned);
            watch(to, x);
        }
    }

    @Override
    public void body(Exchange x, FileChannel file, long position, long count) {
        Answer to = answerOf(x);
        if (to != null) {
            to.body(file, position, count);
            watch(to, x);
        }
    }

    @Override
    public void flush(Exchange x) {
        Answer to = answerOf(x);
        if (to != null) {
            undelayed(x);
            to.flush();
            watch(to, x);
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
            connection.finish();
        } else {
            watch(to, x);
        }
    }

    @Override
    public long queued(Exchange x) {
        Answer to = answerOf(x);
        return to == null ? 0 : to.queued();
    }

    private @Nullable Answer answerOf(Exchange x) {
        return x == exchange ? answer : null;
    }

    /**
     * Small packets must not wait for acknowledgements ({@code tcp_nodelay}): when a part is delivered before the end,
     * or another answer may follow.
     */
    void undelayed(Exchange x) {
        if (!noDelay && x.location.core.tcpNodelay()) {
            noDelay = true;
            wire.noDelay(true);
        }
    }

    /** The wire has taken everything, or a pause of the rate limit is over. */
    void goOn() {
        Answer to = answer;
        Exchange x = exchange;
        if (to == null || x == null) {
            return;
        }
        to.goOn();
        if (to.queued() > 0) {
            watch(to, x);
            return;
        }
        if (deadline != null) {
            deadline.clear();
        }
        if (to.isEnded()) {
            connection.finish();
        } else {
            x.onDrained();
        }
    }

    /** While something is queued, the client must take some of it within {@code send_timeout}. */
    private void watch(Answer to, Exchange x) {
        long pause = to.delay();
        if (pause == 0 && wire.queued() == 0) {
            return;
        }
        SendDeadline watch = deadline;
        if (watch == null) {
            watch = new SendDeadline(wire, this::goOn, connection::timedOut);
            deadline = watch;
        }
        watch.watch(pause, x.location.core.sendTimeout());
    }

    @Override
    public void abort(Exchange x) {
        if (x != exchange) {
            return;
        }
        Answer to = answer;
        // where the end of the connection would be taken for the end of the body
        boolean mustBeSeen = to != null && to.endsWithConnection();
        if (to != null) {
            to.flush();
        }
        connection.request.lose(x, 0);
        if (mustBeSeen || x.logStatus == 444 && x.location.core.resetTimedoutConnection()) {
            wire.reset();
        }
        connection.close();
    }

    @Override
    public @Nullable Wire takeWire(Exchange x) {
        Answer to = answerOf(x);
        if (to == null || body == null || !body.isComplete()) {
            return null;
        }
        to.flush();
        undelayed(x);
        clearAnswer();
        connection.becomeTunnel(x);
        return wire;
    }
}
