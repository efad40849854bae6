package io.gatehouse.module.core;

import static io.gatehouse.config.directive.Context.EVENTS;
import static io.gatehouse.config.directive.Context.MAIN;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.address.Network;
import io.gatehouse.config.build.Blocks;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Inheritance;
import io.gatehouse.config.directive.Scope;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.DebugClients;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/** {@code debug_connection}. */
final class DebugConnection {
    static final Directive<List<List<Network>>> DEBUG_CONNECTION = directive("debug_connection")
            .in(EVENTS)
            .takesEach(Arity.ONE, DebugConnection::read)
            .inherits(Inheritance.NONE)
            .syntax("address | CIDR | unix:")
            .says("Has the requests of these clients logged down to the level debug, whatever error_log says."
                    + " Several lines add up.")
            .example("debug_connection 192.0.2.1;");

    private DebugConnection() {}

    /** The clients that the file names. */
    static DebugClients of(Scope scope) {
        Scope main = scope.nearest(MAIN);
        Scope events = main == null ? null : main.own(Blocks.EVENTS_BLOCK);
        List<List<Network>> lines = events == null ? null : events.own(DEBUG_CONNECTION);
        return lines == null
                ? DebugClients.NONE
                : new Named(lines.stream().flatMap(List::stream).toList());
    }

    /** Those of some networks. */
    private record Named(List<Network> networks) implements DebugClients {
        private static final byte[] UNIX = {};

        @Override
        public boolean has(SocketAddress peer) {
            byte[] address =
                    peer instanceof InetSocketAddress inet ? inet.getAddress().getAddress() : UNIX;
            return networks.stream().anyMatch(network -> network.contains(address));
        }
    }

    private static List<Network> read(Use use) {
        Word word = use.arguments().getFirst();
        String text = word.text();
        if (text.equals("unix:")) {
            return List.of(Network.UNIX);
        }
        Network network = Network.parse(text);
        if (network == null) {
            return ofName(use, word);
        }
        if (!Network.isExact(text)) {
            use.warn("low address bits of " + text + " are meaningless");
        }
        return List.of(network);
    }

    private static List<Network> ofName(Use use, Word word) {
        try {
            return Arrays.stream(InetAddress.getAllByName(word.text()))
                    .map(InetAddress::getAddress)
                    .map(address -> new Network(address, address.length * 8))
                    .toList();
        } catch (UnknownHostException e) {
            throw use.error(
                    "host not found in debug_connection \"" + word.text() + "\"",
                    word,
                    "expected an address, a network such as 192.0.2.0/24, a known name or unix:");
        }
    }
}
