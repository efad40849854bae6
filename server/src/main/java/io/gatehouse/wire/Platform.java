package io.gatehouse.wire;

import io.gatehouse.wire.tls.NettyLogging;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** What differs between Linux's epoll and the JDK's selectors. */
interface Platform {
    /** The platform of this process: epoll where there is one, unless {@code -Dgatehouse.wire=nio}. */
    static Platform ofProcess() {
        return Chosen.PLATFORM;
    }

    IoHandlerFactory handlers();

    /** As {@link Loop#connect}; {@code ending} if the loop takes no more connections. */
    Wire connect(
            SocketLoop loop,
            SocketAddress remote,
            @Nullable SocketAddress local,
            boolean transparent,
            SocketBuffers buffers,
            Sink sink,
            boolean ending);

    ListenSocket bind(SocketAddress address, ListenOptions options) throws IOException;

    ListenSocket adopt(int descriptor) throws IOException;

    Listening listen(SocketLoop loop, ListenSocket socket, Acceptor acceptor);

    /** Chosen with the first use, so that the native library loads no earlier. */
    final class Chosen {
        private static final String SELECTORS = "java.nio.channels.spi.SelectorProvider";

        private static final Platform PLATFORM = choose();

        private Chosen() {}

        private static Platform choose() {
            NettyLogging.begin();
            if (System.getProperty("os.name", "").equals("Linux") && System.getProperty(SELECTORS) == null) {
                // Netty opens a selector only to have the JDK's network library loaded; to find one, the JDK opens
                // every library.
                System.setProperty(SELECTORS, "sun.nio.ch.EPollSelectorProvider");
            }
            return !"nio".equals(System.getProperty("gatehouse.wire")) && Epoll.isAvailable()
                    ? new EpollPlatform()
                    : new NioPlatform();
        }
    }
}
