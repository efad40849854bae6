package io.gatehouse.wire.tls;

import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.Slf4JLoggerFactory;

/** Where Netty says what it has to say: to slf4j, without asking which others there are, which a start would wait for. */
public final class NettyLogging {
    private NettyLogging() {}

    /** To be called before Netty's first class that logs is used. Any thread; again does nothing. */
    public static void begin() {
        InternalLoggerFactory.setDefaultFactory(Slf4JLoggerFactory.INSTANCE);
    }
}
