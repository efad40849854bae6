package io.gatehouse.upstream;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The points of {@code hash ... consistent}: 160 for each unit of weight, compatible with Cache::Memcached::Fast. A
 * point belongs to a server's text; peers with the same text share it.
 */
final class HashRing {
    private static final int POINTS = 160;

    /** Unsigned, ascending, distinct. */
    private final int[] hashes;

    private final int[] owners;
    private final int[] ownerOfPeer;

    HashRing(Peer[] peers) {
        ownerOfPeer = owners(peers);
        long[] points = points(peers);
        int kept = 0;
        for (int i = 0; i < points.length; i++) {
            if (i == 0 || points[i] >>> 32 != points[kept - 1] >>> 32) {
                points[kept++] = points[i];
            }
        }
        hashes = new int[kept];
        owners = new int[kept];
        for (int i = 0; i < kept; i++) {
            hashes[i] = (int) (points[i] >>> 32);
            owners[i] = ownerOfPeer[(int) points[i]];
        }
    }

    private static int[] owners(Peer[] peers) {
        Map<String, Integer> numbers = new HashMap<>();
        int[] owners = new int[peers.length];
        for (int i = 0; i < peers.length; i++) {
            owners[i] = numbers.computeIfAbsent(peers[i].server(), text -> numbers.size());
        }
        return owners;
    }

    /** Each point's hash above the index of its peer, in ascending order. */
    private static long[] points(Peer[] peers) {
        int total = 0;
        for (Peer peer : peers) {
            total = Math.addExact(total, Math.multiplyExact(peer.weight, POINTS));
        }
        long[] points = new long[total];
        int next = 0;
        for (int i = 0; i < peers.length; i++) {
            int base = base(peers[i].server());
            int previous = 0;
            for (int j = 0; j < peers[i].weight * POINTS; j++) {
                int hash = base;
                for (int shift = 0; shift < 32; shift += 8) {
                    hash = Crc32.update(hash, previous >>> shift & 0xff);
                }
                previous = Crc32.finish(hash);
                points[next++] = Integer.toUnsignedLong(previous) << 32 | i;
            }
        }
        sortUnsigned(points);
        return points;
    }

    private static void sortUnsigned(long[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] ^= Long.MIN_VALUE;
        }
        java.util.Arrays.sort(values);
        for (int i = 0; i < values.length; i++) {
            values[i] ^= Long.MIN_VALUE;
        }
    }

    /** The state after host, NUL and port, where the port are the digits after the last colon. */
    private static int base(String server) {
        if (server.length() >= 5
                && server.substring(0, 5).toLowerCase(Locale.ROOT).equals("unix:")) {
            return Crc32.update(Crc32.update(Crc32.INITIAL, server, 5, server.length()), 0);
        }
        int colon = server.length() - 1;
        while (colon >= 0 && server.charAt(colon) >= '0' && server.charAt(colon) <= '9') {
            colon--;
        }
        if (colon < 0 || server.charAt(colon) != ':') {
            return Crc32.update(Crc32.update(Crc32.INITIAL, server), 0);
        }
        int state = Crc32.update(Crc32.update(Crc32.INITIAL, server, 0, colon), 0);
        return Crc32.update(state, server, colon + 1, server.length());
    }

    boolean isEmpty() {
        return hashes.length == 0;
    }

    /** The first point at or after the hash; the number of points if there is none. */
    int find(int hash) {
        int low = 0;
        int high = hashes.length;
        while (low < high) {
            int middle = low + high >>> 1;
            int order = Integer.compareUnsigned(hash, hashes[middle]);
            if (order == 0) {
                return middle;
            }
            if (order > 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Whether the point, counted around the ring, belongs to this peer's server. */
    boolean owns(int point, int peer) {
        return owners[point % owners.length] == ownerOfPeer[peer];
    }
}
