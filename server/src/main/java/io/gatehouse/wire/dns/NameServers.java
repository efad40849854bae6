package io.gatehouse.wire.dns;

import io.gatehouse.wire.Loop;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** The name servers of a resolver, which take turns. On the resolver's loop only. */
final class NameServers {
    private final List<NameServer> all = new ArrayList<>();
    private int next;

    NameServers(Loop loop, List<InetSocketAddress> addresses, DnsReport report, NameServer.Listener listener) {
        for (int i = 0; i < addresses.size(); i++) {
            all.add(new NameServer(loop, i, addresses.get(i), report, listener));
        }
    }

    int count() {
        return all.size();
    }

    /** Whose turn it is. */
    int next() {
        int turn = next;
        next = after(turn);
        return turn;
    }

    int after(int server) {
        return server + 1 == all.size() ? 0 : server + 1;
    }

    void send(Query query, Query.Part part) {
        NameServer server = all.get(query.server);
        if (part.tcp) {
            server.sendOverTcp(part.question);
        } else {
            server.send(query, part.question);
        }
    }

    void close() {
        all.forEach(NameServer::close);
    }
}
