package io.gatehouse.wire.dns;

import io.gatehouse.wire.NettyLoops;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.nio.channels.ClosedChannelException;

/** A port from which a name server is asked. It is connected: what comes from elsewhere is not heard. */
final class UdpSocket {
    /** The longest answer that is taken over UDP; one that is longer arrives cut off, and makes no sense. */
    static final int LONGEST_REPLY = 4096;

    private final NameServer server;
    private final ChannelFuture connected;
    private int users;

    UdpSocket(NameServer server) {
        this.server = server;
        this.connected = new Bootstrap()
                .group(NettyLoops.eventLoop(server.loop))
                .channel(NettyLoops.datagramChannel(server.loop))
                .disableResolver()
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(LONGEST_REPLY))
                .handler(new Replies())
                .connect(server.address);
    }

    boolean belongsTo(NameServer other) {
        return server == other;
    }

    void retain() {
        users++;
    }

    void release() {
        if (--users == 0) {
            close();
        }
    }

    void send(Query query, byte[] question) {
        connected.addListener(done -> {
            if (users == 0) {
                return;
            }
            if (!done.isSuccess()) {
                notSent("connect()", done.cause(), query);
                return;
            }
            channel().writeAndFlush(Unpooled.wrappedBuffer(question)).addListener(sent -> {
                if (!sent.isSuccess() && !(sent.cause() instanceof ClosedChannelException)) {
                    notSent("send()", sent.cause(), query);
                }
            });
        });
    }

    private void notSent(String call, Throwable cause, Query query) {
        server.failed(call, cause);
        server.listener.notSent(query);
    }

    void close() {
        users = 0;
        server.closed(this);
        var _ = channel().close();
    }

    private Channel channel() {
        return connected.channel();
    }

    private final class Replies extends SimpleChannelInboundHandler<DatagramPacket> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            server.listener.received(ByteBufUtil.getBytes(packet.content()), false);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            server.failed("recv()", cause);
            server.listener.refused(server.index);
        }
    }
}
