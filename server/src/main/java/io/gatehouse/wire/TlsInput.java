package io.gatehouse.wire;

import io.gatehouse.wire.tls.TlsException;
import io.gatehouse.wire.tls.TlsFacts;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What a wire receives over TLS: makes the handshake with it, then decrypts it; what the engine answers is sent. */
final class TlsInput {
    private final SocketWire wire;
    private final SocketLoop loop;
    private final WireOutput out;
    private final TlsLayer layer;

    TlsInput(SocketWire wire, SocketLoop loop, WireOutput out, TlsLayer layer) {
        this.wire = wire;
        this.loop = loop;
        this.out = out;
        this.layer = layer;
    }

    boolean isHandshaking() {
        return layer.isHandshaking();
    }

    /** As {@link TlsLayer#begins}. */
    boolean begins() {
        return layer.begins();
    }

    @Nullable
    TlsFacts facts() {
        return layer.isHandshaking() ? null : layer.facts();
    }

    /** Encrypted bytes came; what is in them goes to {@code to}. */
    void receive(ByteBuf sealed, WireInput to) {
        if (layer.isHandshaking()) {
            try {
                if (!layer.handshake(sealed, out.queue)) {
                    answer();
                    return;
                }
            } catch (TlsException e) {
                closeAfterAlert(e);
                return;
            }
            answer();
            if (out.failure() != null) {
                return;
            }
            wire.secured();
            if (!wire.isOpen()) {
                return;
            }
        }
        decrypt(sealed, to);
    }

    private void decrypt(ByteBuf sealed, WireInput to) {
        ReadBuffer plains = loop.buffers.plain();
        ByteBuf plain = plains.buffer().setIndex(plains.start(), plains.start());
        boolean last = false;
        TlsException broken = null;
        try {
            last = layer.decrypt(sealed, plain, out.queue);
        } catch (TlsException e) {
            broken = e;
        }
        int length = plain.readableBytes();
        if (length > 0) {
            to.decrypted(plains, length);
        }
        if (!wire.isOpen()) {
            return;
        }
        if (broken != null) {
            closeAfterAlert(broken);
            return;
        }
        answer();
        if (last) {
            to.closeNotified();
        }
    }

    /** Sends what the engine has to say, if it can be sent now; else it goes with what comes next. */
    private void answer() {
        wire.sent(out.sendReady());
    }

    private void closeAfterAlert(TlsException cause) {
        IOException before = out.failure();
        answer(); // What comes of that is less than what is known already.
        wire.closeBecause(before != null ? before : cause);
    }
}
