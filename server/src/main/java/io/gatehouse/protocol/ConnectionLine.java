package io.gatehouse.protocol;

import io.gatehouse.exchange.ClientConnection;
import io.gatehouse.exchange.VirtualServer;
import io.gatehouse.observe.log.Level;
import io.gatehouse.route.ListenPoint;

/** Lines of the error log about a connection that has no request at the moment, with nginx's context. */
public final class ConnectionLine {
    private ConnectionLine() {}

    /** A line with no context but the connection's number. */
    public static void log(VirtualServer server, ClientConnection client, Level level, String message) {
        server.level().core.errorLog().log(level, client.number, message);
    }

    /** As the other one, for the default server of the address. */
    public static void log(ListenPoint point, ClientConnection client, Level level, String message) {
        log(point.names().byDefault(), client, level, message);
    }

    /**
     * The message with what was being done, the client and the address: {@code "... while SSL handshaking, client: 127.0.0.1, server:
     * 0.0.0.0:443"}.
     */
    public static String during(String message, String action, ClientConnection client, ListenPoint point) {
        return message + " while " + action + ", client: " + client.remoteAddress() + ", server: "
                + point.spec().text();
    }

    /** The client has closed a connection without a word. */
    public static String closedWithoutRequest(ClientConnection client, ListenPoint point) {
        return during("client closed connection", "waiting for request", client, point);
    }
}
