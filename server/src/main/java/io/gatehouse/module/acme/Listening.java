package io.gatehouse.module.acme;

import io.gatehouse.config.build.ServerDirectives;
import io.gatehouse.config.directive.Scope;
import io.gatehouse.listen.ListenSpec;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Where the servers of a configuration listen.
 *
 * @param secure addresses with TLS
 * @param plain whether any is port 80, where http-01 asks
 * @param https whether any with TLS is port 443, where tls-alpn-01 asks
 */
record Listening(Set<SocketAddress> secure, boolean plain, boolean https) {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    static Listening of(List<Scope> servers) {
        Set<SocketAddress> secure = new HashSet<>();
        Set<SocketAddress> all = new HashSet<>();
        for (Scope server : servers) {
            for (ListenSpec spec : ServerDirectives.listens(server)) {
                all.add(spec.address());
                if (spec.protocols().ssl()) {
                    secure.add(spec.address());
                }
            }
        }
        return new Listening(Set.copyOf(secure), has(all, HTTP_PORT), has(secure, HTTPS_PORT));
    }

    private static boolean has(Set<SocketAddress> addresses, int port) {
        return addresses.stream().anyMatch(address -> address instanceof InetSocketAddress at && at.getPort() == port);
    }

    /** Whether clients come to a server over TLS: another one of its address may have said so. */
    boolean isSecure(Scope server) {
        return ServerDirectives.listens(server).stream().anyMatch(spec -> secure.contains(spec.address()));
    }
}
