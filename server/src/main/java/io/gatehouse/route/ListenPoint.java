package io.gatehouse.route;

import io.gatehouse.listen.ListenSpec;
import java.util.List;

/**
 * One address that a configuration listens on, and the servers behind it.
 *
 * @param spec the address and the options of its socket
 * @param names which server a host belongs to
 * @param servers the servers that name this address, in the order of the file
 */
public record ListenPoint(ListenSpec spec, ServerNames names, List<io.gatehouse.exchange.VirtualServer> servers) {}
