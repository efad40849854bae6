package io.gatehouse.wire.dns;

import io.gatehouse.wire.Errno;
import io.gatehouse.wire.Loop;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** One name server: the sockets on which it is asked. On the resolver's loop only. */
final class NameServer {
    /** Sockets, and so ports to guess, at a time; more names than this share them. */
    static final int MOST_SOCKETS = 64;

    /** Hears what a name server says. */
    interface Listener {
        void received(byte[] reply, boolean tcp);

        /** The question could not be sent. */
        void notSent(Query query);

        /** Nobody listens there. */
        void refused(int server);
    }

    final Loop loop;
    final InetSocketAddress address;
    final Listener listener;
    final int index;
    private final DnsReport report;
    private final List<UdpSocket> sockets = new ArrayList<>();
    private @Nullable TcpSocket tcp;

    NameServer(Loop loop, int index, InetSocketAddress address, DnsReport report, Listener listener) {
        this.loop = loop;
        this.index = index;
        this.address = address;
        this.report = report;
        this.listener = listener;
    }

    /** Sends it from a port of the query's own as long as there are few. */
    void send(Query query, byte[] question) {
        for (UdpSocket socket : query.sockets) {
            if (socket.belongsTo(this)) {
                socket.send(query, question);
                return;
            }
        }
        UdpSocket socket;
        if (sockets.size() < MOST_SOCKETS) {
            socket = new UdpSocket(this);
            sockets.add(socket);
        } else {
            socket = sockets.get(ThreadLocalRandom.current().nextInt(sockets.size()));
        }
        socket.retain();
        query.sockets.add(socket);
        socket.send(query, question);
    }

    void sendOverTcp(byte[] question) {
        TcpSocket open = tcp;
        if (open == null) {
            open = new TcpSocket(this);
            tcp = open;
        }
        open.send(question);
    }

    void closed(UdpSocket socket) {
        sockets.remove(socket);
    }

    void closed(TcpSocket socket) {
        if (tcp == socket) {
            tcp = null;
        }
    }

    /** Tells the log: {@code call} failed. */
    void failed(String call, Throwable cause) {
        String why = cause instanceof IOException known ? Errno.text(known) : String.valueOf(cause.getMessage());
        report.error(call + " failed (" + why + ") while resolving, resolver: " + this);
    }

    void close() {
        List.copyOf(sockets).forEach(UdpSocket::close);
        if (tcp != null) {
            tcp.close();
        }
    }

    /** As the log names it. */
    @Override
    public String toString() {
        String host = address.getAddress().getHostAddress();
        return (address.getAddress() instanceof Inet6Address ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
