package io.gatehouse.listen;

import io.gatehouse.config.syntax.Node;
import io.gatehouse.wire.ListenOptions;
import java.net.SocketAddress;

/**
 * One address of one {@code listen} directive.
 *
 * @param address an internet address (port 0 only in tests) or a unix socket's
 * @param text as nginx writes the address: "0.0.0.0:80", "[::]:80", "unix:/path"
 * @param options of the socket
 * @param optionsSet whether any option of the socket was given, which only one {@code listen} of an address may do
 * @param defaultServer whether {@code default_server} was given
 * @param at where it is said
 */
public record ListenSpec(
        SocketAddress address,
        String text,
        ListenOptions options,
        boolean optionsSet,
        boolean defaultServer,
        Node at) {}
