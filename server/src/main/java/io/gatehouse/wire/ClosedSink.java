package io.gatehouse.wire;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Hears nothing: for the moment before an acceptor has said who does. */
final class ClosedSink implements Sink {
    static final ClosedSink INSTANCE = new ClosedSink();

    private ClosedSink() {}

    @Override
    public void onBytes(Wire wire, ByteBuf borrowed) {}

    @Override
    public void onWritable(Wire wire) {}

    @Override
    public void onEnd(Wire wire) {}

    @Override
    public void onClosed(Wire wire, @Nullable IOException cause) {}
}
