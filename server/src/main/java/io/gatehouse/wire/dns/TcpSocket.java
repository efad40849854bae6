package io.gatehouse.wire.dns;

import io.gatehouse.wire.Deadline;
import io.gatehouse.wire.NettyLoops;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.nio.channels.ClosedChannelException;

/** A connection to a name server, for what is too large for a datagram; closed 5 s after the last question. */
final class TcpSocket {
    /** The longest answer there can be: its length has two octets. */
    static final int LONGEST_REPLY = 65_535;

    private static final int IDLE_MILLIS = 5_000;
    private static final int LENGTH = 2;

    private final NameServer server;
    private final ChannelFuture connected;
    private final Deadline idle;
    private boolean closed;

    TcpSocket(NameServer server) {
        this.server = server;
        this.idle = server.loop.deadline(this::close);
        this.connected = new Bootstrap()
                .group(NettyLoops.eventLoop(server.loop))
                .channel(NettyLoops.socketChannel(server.loop))
                .disableResolver()
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, IDLE_MILLIS)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new LengthFieldBasedFrameDecoder(LENGTH + LONGEST_REPLY, 0, LENGTH, 0, LENGTH))
                                .addLast(new Replies());
                    }
                })
                .connect(server.address);
        connected.addListener(done -> {
            if (!done.isSuccess()) {
                lost("connect()", done.cause());
            }
        });
    }

    void send(byte[] question) {
        idle.in(IDLE_MILLIS);
        connected.addListener(done -> {
            if (done.isSuccess() && !closed) {
                ByteBuf framed = server.loop.buffer(LENGTH + question.length);
                framed.writeShort(question.length).writeBytes(question);
                connected.channel().writeAndFlush(framed).addListener(sent -> {
                    if (!sent.isSuccess()) {
                        lost("send()", sent.cause());
                    }
                });
            }
        });
    }

    private void lost(String call, Throwable cause) {
        if (!closed && !(cause instanceof ClosedChannelException)) {
            server.failed(call, cause);
        }
        close();
    }

    void close() {
        if (!closed) {
            closed = true;
            idle.clear();
            server.closed(this);
            var _ = connected.channel().close();
        }
    }

    private final class Replies extends SimpleChannelInboundHandler<ByteBuf> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf reply) {
            server.listener.received(ByteBufUtil.getBytes(reply), true);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            lost("recv()", cause);
        }
    }
}
