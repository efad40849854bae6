package io.gatehouse.wire.dns;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** What was learnt about a name, and until when ({@link System#nanoTime} of the loops) it holds. */
sealed interface Known {
    long validUntil();

    /** Addresses, at least one of either kind. */
    record Addresses(List<InetAddress> ipv4, List<InetAddress> ipv6, long validUntil) implements Known {
        /** All as they came. */
        List<InetAddress> inOrder() {
            List<InetAddress> all = new ArrayList<>(ipv4.size() + ipv6.size());
            all.addAll(ipv4);
            all.addAll(ipv6);
            return all;
        }

        /** All, beginning with any, so that they take turns. */
        List<InetAddress> rotated() {
            int count = ipv4.size() + ipv6.size();
            if (count == 1) {
                return inOrder();
            }
            List<InetAddress> all = new ArrayList<>(count);
            addRotated(ipv4, all);
            addRotated(ipv6, all);
            return addRotated(all, new ArrayList<>(count));
        }

        private static List<InetAddress> addRotated(List<InetAddress> from, List<InetAddress> to) {
            int size = from.size();
            int start = size == 0 ? 0 : ThreadLocalRandom.current().nextInt(size);
            for (int i = 0; i < size; i++) {
                to.add(from.get((start + i) % size));
            }
            return to;
        }
    }

    /** Another name stands for it. */
    record Alias(String name, long validUntil) implements Known {}

    /** Services, at least one, the most wanted first. */
    record Services(List<Records.Service> services, long validUntil) implements Known {}
}
