package io.gatehouse.cli.up;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;

/** Whether a port can be listened on, found out by doing it for a moment. */
final class PortCheck {
    enum Found {
        FREE,
        /** Another program listens there. */
        TAKEN,
        /** Only root may, or whoever has CAP_NET_BIND_SERVICE. */
        FORBIDDEN,
    }

    private PortCheck() {}

    /** What holds for all of the addresses together; an address that this machine lacks is left to the server to tell. */
    static Found of(int port, List<InetAddress> addresses) {
        Found worst = Found.FREE;
        for (InetAddress address : addresses) {
            Found found = of(port, address);
            worst = found.compareTo(worst) > 0 ? found : worst;
        }
        return worst;
    }

    private static Found of(int port, InetAddress address) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(address, port));
            return Found.FREE;
        } catch (BindException e) {
            String why = String.valueOf(e.getMessage());
            if (why.startsWith("Permission denied")) {
                return Found.FORBIDDEN;
            }
            return why.startsWith("Address already in use") ? Found.TAKEN : Found.FREE;
        } catch (IOException e) {
            return Found.FREE;
        }
    }

    /** Whether this machine speaks IPv6 with itself. */
    static boolean hasIpv6() {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(InetAddress.getByName("::1"), 0));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
