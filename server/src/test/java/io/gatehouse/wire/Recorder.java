package io.gatehouse.wire;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A sink that writes down what it hears, for the test's thread to wait for. */
class Recorder implements Sink {
    final LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();
    volatile @Nullable Wire wire;
    volatile Consumer<Wire> connected = wire -> wire.reading(true);

    /** The next event, waited for: {@code connected}, {@code bytes ...}, {@code writable}, {@code end}, {@code closed ...}. */
    String next() throws InterruptedException {
        String event = events.poll(20, TimeUnit.SECONDS);
        return event == null ? "nothing" : event;
    }

    @Override
    public void onConnected(Wire wire) {
        this.wire = wire;
        events.add("connected");
        connected.accept(wire);
    }

    @Override
    public void onBytes(Wire wire, ByteBuf borrowed) {
        events.add("bytes "
                + borrowed.readCharSequence(borrowed.readableBytes(), java.nio.charset.StandardCharsets.ISO_8859_1));
    }

    @Override
    public void onWritable(Wire wire) {
        events.add("writable");
    }

    @Override
    public void onEnd(Wire wire) {
        events.add("end");
    }

    @Override
    public void onClosed(Wire wire, @Nullable IOException cause) {
        events.add("closed " + (cause == null ? "null" : Errno.text(cause)));
    }
}
