package io.gatehouse.upstream;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An upstream block of a test, one loop of it, and a clock. Peers are told by letters: port 8081 is {@code a}. */
final class Block {
    private final Peers peers;
    long now = 1_000_000;

    Block(Peers peers) {
        this.peers = peers;
    }

    static Block of(Balancer balancer, Server... servers) {
        return new Block(new PeerGroup("u", balancer, List.of(servers), null, 1, null).onLoop(0));
    }

    /** A server at 127.0.0.1 with the port of its letter. */
    static Server server(char letter) {
        String text = "127.0.0.1:" + (8081 + letter - 'a');
        return Server.of(text, List.of(address(text)));
    }

    static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        try {
            return new InetSocketAddress(
                    InetAddress.getByName(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1)));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static char letter(@Nullable Peer peer) {
        return peer == null ? '-' : (char) ('a' + ((InetSocketAddress) peer.address()).getPort() - 8081);
    }

    void seconds(long passed) {
        now += passed * 1000;
    }

    Selection select() {
        return select(new Selection());
    }

    Selection select(Selection selection) {
        selection.begin(peers);
        return selection;
    }

    char pick(Selection selection) {
        return letter(selection.pick(now));
    }

    /** One request that succeeds. */
    char request() {
        return request(new Selection());
    }

    char request(Selection selection) {
        select(selection);
        char letter = pick(selection);
        selection.release(Outcome.OK, now);
        return letter;
    }

    /** That many requests, one after the other. */
    String requests(int count) {
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < count; i++) {
            letters.append(request());
        }
        return letters.toString();
    }

    /** Requests that succeed, until one gets this peer; that one is not ended. */
    Selection until(char letter) {
        while (true) {
            Selection selection = select();
            char picked = pick(selection);
            if (picked == letter) {
                return selection;
            }
            if (picked == '-') {
                throw new AssertionError("no live upstreams");
            }
            selection.release(Outcome.OK, now);
        }
    }

    /** That many requests that do not end. */
    String held(int count) {
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < count; i++) {
            letters.append(pick(select()));
        }
        return letters.toString();
    }

    /** One request that asks the first peer, and after each failure the next until none is left. */
    String failing(Selection selection) {
        select(selection);
        StringBuilder letters = new StringBuilder();
        while (true) {
            Peer peer = selection.pick(now);
            letters.append(letter(peer));
            if (peer == null) {
                return letters.toString();
            }
            selection.release(Outcome.FAILED, now);
            if (selection.tries() == 0) {
                return letters.toString();
            }
        }
    }

    static List<Server> letters(String letters) {
        List<Server> servers = new ArrayList<>();
        for (int i = 0; i < letters.length(); i++) {
            servers.add(server(letters.charAt(i)));
        }
        return servers;
    }
}
