package io.gatehouse.protocol.entrance;

import io.gatehouse.exchange.ClientConnection;
import io.gatehouse.listen.ProxyProtocol;
import io.gatehouse.listen.ProxyProtocol.Found;
import io.gatehouse.observe.log.Level;
import io.gatehouse.route.ListenPoint;
import io.gatehouse.wire.Wire;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Waits for the PROXY header that comes before everything else on an address with {@code proxy_protocol}. A connection that begins
 * with anything else is closed.
 */
final class ProxyHeaderStep extends EntranceStep {
    private static final byte[] NOTHING = {};

    private byte[] octets = NOTHING;
    private int count;

    ProxyHeaderStep(Entrance entrance, ClientConnection client, ListenPoint point) {
        super(entrance, client, point, "reading PROXY protocol");
    }

    @Override
    public void onBytes(Wire from, ByteBuf in) {
        int before = count;
        int more = Math.min(in.readableBytes(), ProxyProtocol.LONGEST - before);
        octets = Arrays.copyOf(octets, before + more);
        in.getBytes(in.readerIndex(), octets, before, more);
        count = before + more;
        Found found;
        try {
            found = ProxyProtocol.read(octets, count);
        } catch (ProxyProtocol.Broken e) {
            in.skipBytes(in.readableBytes());
            tell(Level.ERROR, e.getMessage());
            cut();
            return;
        }
        if (found == null) {
            in.skipBytes(more);
            return;
        }
        in.skipBytes(found.length() - before);
        client.proxyHeader = found.header();
        pass(entrance.begin(this, client, point), in);
    }

    @Override
    void forget() {
        octets = NOTHING;
    }
}
