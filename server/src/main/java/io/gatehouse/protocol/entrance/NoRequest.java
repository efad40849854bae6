package io.gatehouse.protocol.entrance;

import io.gatehouse.exchange.ClientConnection;
import io.gatehouse.exchange.Conductor;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Headers;
import io.gatehouse.exchange.Outcome;
import io.gatehouse.exchange.RequestBody;
import io.gatehouse.exchange.ResponseSink;
import io.gatehouse.exchange.VirtualServer;
import io.netty.buffer.ByteBuf;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/** Stands in for a request where variables are asked for before there is one. Nothing can be answered. */
final class NoRequest extends RequestBody implements ResponseSink, Conductor {
    private static final NoRequest INSTANCE = new NoRequest();

    private NoRequest() {}

    /** An exchange that only knows its connection and its server. */
    static Exchange of(ClientConnection client, VirtualServer server) {
        return new Exchange(client, server, INSTANCE, INSTANCE, INSTANCE, null);
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
    public void end(Exchange exchange, @Nullable Headers trailers) {}

    @Override
    public void flush(Exchange exchange) {}

    @Override
    public long queued(Exchange exchange) {
        return 0;
    }

    @Override
    public void abort(Exchange exchange) {}

    @Override
    public void beginSubrequest(Exchange exchange) {}

    @Override
    public void resume(Exchange exchange, Outcome outcome) {}

    @Override
    public void finished(Exchange exchange) {}

    @Override
    public long length() {
        return 0;
    }

    @Override
    public long received() {
        return 0;
    }

    @Override
    public boolean isComplete() {
        return true;
    }

    @Override
    public void read(Receiver receiver) {}

    @Override
    public boolean isStarted() {
        return false;
    }

    @Override
    public void demand(boolean on) {}

    @Override
    public int discard() {
        return 0;
    }
}
