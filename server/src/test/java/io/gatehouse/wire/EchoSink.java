package io.gatehouse.wire;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Sends back what comes, with back-pressure. */
class EchoSink implements Sink {
    private static final long MOST = 256 * 1024;

    @Override
    public void onBytes(Wire wire, ByteBuf borrowed) {
        wire.write(borrowed.readRetainedSlice(borrowed.readableBytes()));
        wire.flush();
        if (wire.queued() > MOST) {
            wire.reading(false);
        }
    }

    @Override
    public void onWritable(Wire wire) {
        wire.reading(true);
    }

    @Override
    public void onEnd(Wire wire) {
        wire.closeWhenSent();
    }

    @Override
    public void onClosed(Wire wire, @Nullable IOException cause) {}
}
