package io.gatehouse.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoEvent;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.nio.NioIoOps;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The socket of a wire over the JDK's channels. Selectors are level-triggered: interest is dropped when an event comes unwanted. */
final class NioSocket extends WireSocket {
    private static final int READ = NioIoOps.READ.value();
    private static final int WRITE = NioIoOps.WRITE.value();
    private static final int CONNECT = NioIoOps.CONNECT.value();
    private static final int GATHER = 64;

    private final SocketLoop loop;
    private @Nullable SocketChannel channel;
    private @Nullable IoRegistration registration;
    private int interest;

    NioSocket(SocketLoop loop) {
        this.loop = loop;
    }

    void channel(SocketChannel opened) {
        channel = opened;
    }

    /** Asks for the wire's events. */
    void register(SocketWire wire, boolean connecting) throws IOException {
        registration = loop.register(new Handle(wire));
        interest(connecting ? CONNECT : READ);
    }

    private void interest(int wanted) {
        IoRegistration registered = registration;
        if (interest != wanted && registered != null && registered.isValid()) {
            interest = wanted;
            registered.submit(NioIoOps.valueOf(wanted));
        }
    }

    private SocketChannel channel() {
        SocketChannel opened = channel;
        if (opened == null) {
            throw new IllegalStateException("no socket");
        }
        return opened;
    }

    @Override
    int receive(ByteBuf into, int index, int length) throws IOException {
        try {
            return channel().read(into.internalNioBuffer(index, length));
        } catch (IOException e) {
            throw Errno.of("recv", e);
        }
    }

    @Override
    int send(ByteBuf buffer) throws IOException {
        if (buffer.nioBufferCount() > 1) {
            return (int) write(List.of(buffer.nioBuffers()));
        }
        return (int) write(List.of(buffer.internalNioBuffer(buffer.readerIndex(), buffer.readableBytes())));
    }

    @Override
    long sendGathered(OutQueue queue) throws IOException {
        List<ByteBuffer> buffers = new ArrayList<>();
        for (int i = 0; i < queue.count() && i < GATHER && queue.get(i) instanceof ByteBuf buffer; i++) {
            buffers.addAll(List.of(buffer.nioBuffers()));
        }
        loop.buffers.gathered =
                buffers.stream().mapToLong(ByteBuffer::remaining).sum();
        return write(buffers);
    }

    private long write(List<ByteBuffer> buffers) throws IOException {
        try {
            return buffers.size() == 1
                    ? channel().write(buffers.getFirst())
                    : channel().write(buffers.toArray(ByteBuffer[]::new));
        } catch (IOException e) {
            throw Errno.of("writev", e);
        }
    }

    @Override
    long send(FilePart part, long most) throws IOException {
        try {
            return part.file.transferTo(part.position + part.sent, most, channel());
        } catch (IOException e) {
            throw Errno.of("sendfile", e);
        }
    }

    @Override
    int connectResult() {
        try {
            if (!channel().finishConnect()) {
                return EINPROGRESS;
            }
            interest(READ);
            return 0;
        } catch (IOException e) {
            return Math.max(1, Errno.number(e));
        }
    }

    @Override
    int takeError() {
        return 0;
    }

    @Override
    void wantReadable() {
        interest(interest | READ);
    }

    @Override
    void inputEnded() {
        interest(interest & ~READ);
    }

    @Override
    void wantWritable() {
        interest(interest | WRITE);
    }

    @Override
    void noLongerWantWritable() {
        interest(interest & ~WRITE);
    }

    @Override
    void shutdownOutput() {
        try {
            channel().shutdownOutput();
        } catch (IOException e) {
            // The peer has reset it; the next read will say so.
        }
    }

    @Override
    void close(boolean reset) {
        SocketChannel opened = channel;
        if (opened == null) {
            return;
        }
        if (reset) {
            option(StandardSocketOptions.SO_LINGER, 0);
        }
        try {
            opened.close();
        } catch (IOException e) {
            // It is gone whatever close says.
        }
        IoRegistration registered = registration;
        if (registered != null) {
            registration = null;
            registered.cancel();
        }
    }

    private <T> void option(SocketOption<T> option, T value) {
        SocketChannel opened = channel;
        try {
            if (opened != null && opened.isOpen() && opened.supportedOptions().contains(option)) {
                opened.setOption(option, value);
            }
        } catch (IOException e) {
            // A reset socket refuses options; the event that says so is on its way.
        }
    }

    @Override
    @Nullable
    SocketAddress local() {
        try {
            return channel != null ? channel.getLocalAddress() : null;
        } catch (IOException e) {
            return null;
        }
    }

    @Override
    void noDelay(boolean on) {
        option(StandardSocketOptions.TCP_NODELAY, on);
    }

    @Override
    void keepAlive(boolean on) {
        option(StandardSocketOptions.SO_KEEPALIVE, on);
    }

    @Override
    int descriptor() {
        return -1;
    }

    @Override
    long @Nullable [] tcpInfo() {
        return null;
    }

    private final class Handle implements NioIoHandle {
        private final SocketWire wire;
        private final SocketChannel selectable = channel();

        Handle(SocketWire wire) {
            this.wire = wire;
        }

        @Override
        public SelectableChannel selectableChannel() {
            return selectable;
        }

        @Override
        public void handle(IoRegistration from, IoEvent event) {
            int ready = ((NioIoEvent) event).ops().value();
            boolean input = (ready & READ) != 0;
            if (input && !wire.wantsInput()) {
                inputEnded();
            }
            try {
                wire.event(input, (ready & (WRITE | CONNECT)) != 0, false, false);
            } catch (Throwable e) {
                loop.fault(wire, e);
            }
        }

        /** The loop ends. */
        @Override
        public void close() {
            try {
                wire.closeBecause(null);
            } catch (Throwable e) {
                loop.fault(wire, e);
            }
        }
    }
}
