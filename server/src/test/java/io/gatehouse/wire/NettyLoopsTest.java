package io.gatehouse.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What Netty's resolver does on a loop: datagrams, and tasks that Netty schedules. */
@ParameterizedClass
@ValueSource(strings = {"epoll", "nio"})
@Timeout(30)
class NettyLoopsTest {
    @Parameter
    String platformName;

    @Test
    void datagramsAndScheduledTasksRunBesideWires() throws Exception {
        Platform platform = platformName.equals("epoll") ? new EpollPlatform() : new NioPlatform();
        Loop loop = Loops.start(1, LoopReport.SYSTEM, platform)[0];
        try (DatagramSocket peer = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            peer.setSoTimeout(20_000);
            CompletableFuture<String> answer = new CompletableFuture<>();
            Channel channel = new Bootstrap()
                    .group(NettyLoops.eventLoop(loop))
                    .channel(NettyLoops.datagramChannel(loop))
                    .handler(new SimpleChannelInboundHandler<DatagramPacket>() {
                        @Override
                        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
                            answer.complete(
                                    loop.inLoop() + " " + packet.content().readableBytes());
                        }
                    })
                    .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .sync()
                    .channel();
            var _ = channel.writeAndFlush(new DatagramPacket(
                    Unpooled.copiedBuffer(new byte[] {1, 2, 3}), (InetSocketAddress) peer.getLocalSocketAddress()));
            java.net.DatagramPacket got = new java.net.DatagramPacket(new byte[10], 10);
            peer.receive(got);
            assertThat(got.getLength()).isEqualTo(3);
            peer.send(got);
            assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo("true 3");

            long before = System.nanoTime();
            CompletableFuture<Long> fired = new CompletableFuture<>();
            var _ = NettyLoops.eventLoop(loop)
                    .schedule(() -> fired.complete(System.nanoTime() - before), 30, TimeUnit.MILLISECONDS);
            assertThat(fired.get(10, TimeUnit.SECONDS)).isGreaterThanOrEqualTo(30_000_000);
            channel.close().sync();
        } finally {
            loop.stop();
            assertThat(loop.awaitEnd(10_000)).isTrue();
        }
    }
}
