package io.gatehouse.protocol.entrance;

import io.gatehouse.exchange.ClientConnection;
import io.gatehouse.route.ListenPoint;
import io.gatehouse.wire.Wire;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the first bytes of a connection in clear of which nobody knows yet what will be spoken on it: HTTP/2, if it begins with
 * the preface (RFC 9113, 3.3), else HTTP/1.
 */
final class Preface extends EntranceStep {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** The beginning of what may become the preface. */
    private @Nullable ByteBuf begun;

    Preface(Entrance entrance, ClientConnection client, ListenPoint point) {
        super(entrance, client, point, "waiting for request");
    }

    @Override
    public void onBytes(Wire from, ByteBuf in) {
        ByteBuf before = begun;
        if (before == null) {
            look(in);
            return;
        }
        begun = null;
        before.writeBytes(in);
        try {
            look(before);
        } finally {
            before.release();
        }
    }

    private void look(ByteBuf in) {
        int length = Math.min(in.readableBytes(), PREFACE.length);
        int start = in.readerIndex();
        for (int i = 0; i < length; i++) {
            if (in.getByte(start + i) != PREFACE[i]) {
                pass(entrance.http1.takeOver(this, client, point), in);
                return;
            }
        }
        if (length == PREFACE.length) {
            pass(entrance.http2.takeOver(this, client, point), in);
        } else {
            begun = client.loop.buffer(PREFACE.length).writeBytes(in);
        }
    }

    @Override
    void forget() {
        ByteBuf left = begun;
        begun = null;
        if (left != null) {
            left.release();
        }
    }
}
