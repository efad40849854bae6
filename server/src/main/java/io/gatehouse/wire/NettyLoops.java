package io.gatehouse.wire;

import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/** For {@code wire.dns} alone: what Netty's resolver needs to run on a loop. */
public final class NettyLoops {
    private NettyLoops() {}

    /** Netty's event loop beneath a loop. */
    public static EventLoop eventLoop(Loop loop) {
        return ((SocketLoop) loop).turns();
    }

    /** The datagram channel that fits the loop. */
    public static Class<? extends DatagramChannel> datagramChannel(Loop loop) {
        return onEpoll(loop) ? EpollDatagramChannel.class : NioDatagramChannel.class;
    }

    /** The stream channel that fits the loop, for answers too large for a datagram. */
    public static Class<? extends SocketChannel> socketChannel(Loop loop) {
        return onEpoll(loop) ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    private static boolean onEpoll(Loop loop) {
        return ((SocketLoop) loop).platform() instanceof EpollPlatform;
    }
}
