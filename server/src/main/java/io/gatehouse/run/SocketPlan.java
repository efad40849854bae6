package io.gatehouse.run;

import io.gatehouse.route.ListenPoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One socket to listen on, and the points of a configuration that it serves: its own, and, for a wildcard address, those
 * of single addresses with its port. The system would not let them listen beside it, so that as in nginx the address that
 * a connection came to tells them apart.
 */
record SocketPlan(ListenPoint point, Map<InetAddress, ListenPoint> narrower) {
    static List<SocketPlan> of(List<ListenPoint> points) {
        Set<SocketAddress> wildcards = new HashSet<>();
        for (ListenPoint point : points) {
            if (isWildcard(address(point))) {
                wildcards.add(address(point));
            }
        }
        List<SocketPlan> plans = new ArrayList<>();
        Map<SocketAddress, Map<InetAddress, ListenPoint>> covered = new HashMap<>();
        for (ListenPoint point : points) {
            SocketAddress address = address(point);
            SocketAddress wildcard = wildcardOver(address);
            if (!wildcard.equals(address) && wildcards.contains(wildcard)) {
                covered.computeIfAbsent(wildcard, w -> new HashMap<>())
                        .put(((InetSocketAddress) address).getAddress(), point);
            } else {
                plans.add(new SocketPlan(point, covered.computeIfAbsent(address, a -> new HashMap<>())));
            }
        }
        return plans;
    }

    SocketAddress address() {
        return address(point);
    }

    /** The point for a connection that came to {@code local}. */
    ListenPoint pointFor(SocketAddress local) {
        if (narrower.isEmpty() || !(local instanceof InetSocketAddress inet)) {
            return point;
        }
        return narrower.getOrDefault(inet.getAddress(), point);
    }

    private static SocketAddress address(ListenPoint point) {
        return point.spec().address();
    }

    private static boolean isWildcard(SocketAddress address) {
        return address instanceof InetSocketAddress inet
                && inet.getAddress().isAnyLocalAddress()
                && inet.getPort() != 0;
    }

    /** The wildcard address of the same family and port; the address itself if there is none. */
    private static SocketAddress wildcardOver(SocketAddress address) {
        if (!(address instanceof InetSocketAddress inet) || inet.getPort() == 0) {
            return address;
        }
        try {
            byte[] zeros = new byte[inet.getAddress().getAddress().length];
            return new InetSocketAddress(InetAddress.getByAddress(zeros), inet.getPort());
        } catch (java.net.UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
