package io.gatehouse.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.IovArray;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The socket of a wire on Linux. It is registered once, edge-triggered, and stays so; an interest in writing is there while
 * it connects and from the first time that the kernel takes no more.
 */
final class EpollSocket extends WireSocket {
    private static final int INPUT = EpollIoOps.EPOLLIN.value();
    private static final int OUTPUT = EpollIoOps.EPOLLOUT.value();
    private static final int SHUT = EpollIoOps.EPOLLRDHUP.value();
    private static final int ERROR = EpollIoOps.EPOLLERR.value();
    private static final int HUNG_UP = 0x10;
    private static final EpollIoOps READ = EpollIoOps.valueOf(INPUT | SHUT | EpollIoOps.EPOLLET.value());
    private static final EpollIoOps READ_WRITE = EpollIoOps.valueOf(INPUT | OUTPUT | SHUT | EpollIoOps.EPOLLET.value());

    private final SocketLoop loop;
    private @Nullable NativeSocket socket;
    private @Nullable IoRegistration registration;
    private int registeredInTurn;
    private boolean writeInterest;

    EpollSocket(SocketLoop loop) {
        this.loop = loop;
    }

    void socket(NativeSocket opened) {
        socket = opened;
    }

    /** Asks for the wire's events; those of a connection being made come with the interest in writing. */
    void register(SocketWire wire, boolean writing) throws IOException {
        IoRegistration made = loop.register(new Handle(wire));
        registration = made;
        registeredInTurn = loop.turn();
        writeInterest = writing;
        submit(made);
    }

    private void submit(IoRegistration to) throws IOException {
        try {
            to.submit(writeInterest ? READ_WRITE : READ);
        } catch (UncheckedIOException e) {
            throw Errno.of("epoll_ctl", e);
        }
    }

    private NativeSocket socket() {
        NativeSocket opened = socket;
        if (opened == null) {
            throw new IllegalStateException("no socket");
        }
        return opened;
    }

    @Override
    int receive(ByteBuf into, int index, int length) throws IOException {
        return socket().receive(into, index, length);
    }

    @Override
    int send(ByteBuf buffer) throws IOException {
        return socket().send(buffer);
    }

    @Override
    long sendGathered(OutQueue queue) throws IOException {
        IovArray buffers = loop.buffers.iov();
        for (int i = 0; i < queue.count() && queue.get(i) instanceof ByteBuf buffer; i++) {
            if (!buffers.add(buffer, buffer.readerIndex(), buffer.readableBytes())) {
                break;
            }
        }
        loop.buffers.gathered = buffers.size();
        return socket().send(buffers);
    }

    @Override
    long send(FilePart part, long most) throws IOException {
        if (!NativeSocket.canSendFiles()) {
            return sendCopied(part, most);
        }
        return socket().sendFile(part.region, part.sent, most);
    }

    private long sendCopied(FilePart part, long most) throws IOException {
        int length = (int) Math.min(most, 128 * 1024);
        ByteBuf copy = loop.buffer(length);
        try {
            copy.writeBytes(part.file, part.position + part.sent, length);
            return copy.isReadable() ? socket().send(copy) : 0;
        } finally {
            copy.release();
        }
    }

    @Override
    int connectResult() {
        int error = socket().takeError();
        IoRegistration registered = registration;
        if (error == 0 && registered != null) {
            // With it, every packet that arrives while we read would wake us once more for nothing.
            writeInterest = false;
            try {
                submit(registered);
            } catch (IOException e) {
                return Math.max(1, Errno.number(e));
            }
        }
        return error;
    }

    @Override
    int takeError() {
        return socket().takeError();
    }

    @Override
    void wantReadable() {}

    @Override
    void inputEnded() {}

    @Override
    void wantWritable() throws IOException {
        IoRegistration registered = registration;
        if (!writeInterest && registered != null) {
            writeInterest = true;
            submit(registered);
        }
    }

    @Override
    void noLongerWantWritable() {
        // A unix socket would wake us whenever its peer reads; TCP only when we have waited for it.
        IoRegistration registered = registration;
        if (writeInterest && registered != null && socket().isUnix()) {
            writeInterest = false;
            try {
                submit(registered);
            } catch (IOException e) {
                // Then it wakes us.
            }
        }
    }

    @Override
    void shutdownOutput() {
        socket().shutdownOutput();
    }

    @Override
    void close(boolean reset) {
        NativeSocket opened = socket;
        if (opened == null) {
            return;
        }
        if (reset && !opened.isUnix()) {
            opened.lingerZero();
        }
        // In this order: a closed descriptor has left epoll by itself, and the number cannot be reused before both are
        // done.
        opened.close();
        IoRegistration registered = registration;
        if (registered != null) {
            registration = null;
            registered.cancel();
        }
    }

    @Override
    @Nullable
    SocketAddress local() {
        return socket != null ? socket.local() : null;
    }

    @Override
    void noDelay(boolean on) {
        if (socket != null && !socket.isUnix()) {
            socket.noDelay(on);
        }
    }

    @Override
    void keepAlive(boolean on) {
        if (socket != null && !socket.isUnix()) {
            socket.keepAlive(on);
        }
    }

    @Override
    int descriptor() {
        return socket != null ? socket.number() : -1;
    }

    @Override
    long @Nullable [] tcpInfo() {
        return socket != null ? socket.tcpInfo() : null;
    }

    /** What epoll knows of this socket. Apart from it, because closing means something else to each. */
    private final class Handle implements EpollIoHandle {
        private final SocketWire wire;
        private final FileDescriptor descriptor = socket().fd();

        Handle(SocketWire wire) {
            this.wire = wire;
        }

        @Override
        public FileDescriptor fd() {
            return descriptor;
        }

        @Override
        public void handle(IoRegistration from, IoEvent event) {
            if (loop.turn() == registeredInTurn) {
                return; // Collected before we were registered: meant for the last owner of the descriptor's number.
            }
            int events = ((EpollIoEvent) event).ops().value();
            try {
                wire.event(
                        (events & INPUT) != 0,
                        (events & OUTPUT) != 0,
                        (events & (SHUT | HUNG_UP)) != 0,
                        (events & ERROR) != 0);
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
