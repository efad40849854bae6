package io.gatehouse.protocol.http2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Writes down what is read of a client's bytes, so that the pieces in which they came do not show. */
final class FrameLog implements FrameListener {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1);

    private final StringBuilder log = new StringBuilder();
    private final FrameReader reader = new FrameReader(this);

    String read(byte[] bytes, int step) {
        reader.read(Unpooled.wrappedBuffer(PREFACE));
        for (int i = 0; i < bytes.length; i += Math.max(1, step)) {
            reader.read(Unpooled.wrappedBuffer(bytes, i, Math.min(Math.max(1, step), bytes.length - i)));
        }
        return log + (reader.isWithinFrame() ? " within" : "") + (reader.isOver() ? " over" : "");
    }

    private void put(String what, long... numbers) {
        log.append('\n').append(what);
        for (long number : numbers) {
            log.append(' ').append(number);
        }
    }

    private void bytes(ByteBuf in, int count) {
        byte[] read = new byte[count];
        in.readBytes(read);
        log.append(new String(read, ISO_8859_1));
    }

    @Override
    public void data(int stream, int size, int length, boolean endStream) {
        put("data" + (endStream ? " end" : ""), stream, size, length);
        log.append(':');
    }

    @Override
    public void dataBytes(ByteBuf in, int count) {
        bytes(in, count);
    }

    @Override
    public void dataEnd() {
        put("data ended");
    }

    @Override
    public void headers(int stream, boolean endStream) {
        put("headers" + (endStream ? " end" : ""), stream);
        log.append(':');
    }

    @Override
    public void block(ByteBuf in, int count, int rest, boolean last) {
        bytes(in, count);
        if (last && rest == 0) {
            put("block ended");
        }
    }

    @Override
    public void continuation(int length) {
        put("continuation", length);
        log.append(':');
    }

    @Override
    public void priority(int stream) {
        put("priority", stream);
    }

    @Override
    public void reset(int stream, int code) {
        put("reset", stream, code);
    }

    @Override
    public void settings(int count) {
        put("settings", count);
    }

    @Override
    public void setting(int id, long value) {
        put("setting", id, value);
    }

    @Override
    public void settingsEnd() {
        put("settings ended");
    }

    @Override
    public void settingsAcknowledged() {
        put("settings acknowledged");
    }

    @Override
    public void ping(long payload) {
        put("ping", payload);
    }

    @Override
    public void goAway() {
        put("go away");
    }

    @Override
    public void windowUpdate(int stream, int increment) {
        put("window", stream, increment);
    }

    @Override
    public void ignored() {
        put("ignored");
    }

    @Override
    public void broken(int code, String why) {
        put("broken " + why, code);
    }

    @Override
    public void tell(String message) {
        put("tell " + message);
    }
}
