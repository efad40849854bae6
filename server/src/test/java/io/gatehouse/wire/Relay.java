package io.gatehouse.wire;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A relay of TCP connections, to see what the wire itself costs: put it before an HTTP server and load it with
 * keep-alive clients. Arguments: the port to listen on, the port to connect to, the number of loops.
 */
final class Relay {
    /** Ends a tunnel that has been idle for a minute, as a proxy would. */
    private static final class Idle implements Tunnel.Watcher {
        private final Deadline deadline;
        private @Nullable Tunnel tunnel;

        Idle(Loop loop) {
            deadline = loop.deadline(() -> {
                if (tunnel != null) {
                    tunnel.close();
                }
            });
        }

        void watch(Tunnel joined) {
            tunnel = joined;
            deadline.in(60_000);
        }

        @Override
        public void moved(Wire from, int bytes) {
            deadline.in(60_000);
        }

        @Override
        public void ended(Wire side, @Nullable IOException cause) {
            deadline.clear();
        }
    }

    private Relay() {}

    public static void main(String[] arguments) throws IOException {
        InetAddress here = InetAddress.getLoopbackAddress();
        InetSocketAddress to = new InetSocketAddress(here, Integer.parseInt(arguments[1]));
        ListenSocket socket =
                ListenSocket.bind(new InetSocketAddress(here, Integer.parseInt(arguments[0])), ListenOptions.DEFAULT);
        for (Loop loop : Loops.start(Integer.parseInt(arguments[2]))) {
            loop.accept(socket, (client, from) -> {
                client.noDelay(true);
                Recorder connecting = new Recorder();
                connecting.connected = application -> {
                    application.noDelay(true);
                    Idle idle = new Idle(loop);
                    idle.watch(Tunnel.join(client, application, idle));
                };
                loop.connect(to, null, false, connecting);
                return connecting;
            });
        }
    }
}
