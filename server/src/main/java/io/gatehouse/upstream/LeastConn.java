package io.gatehouse.upstream;

/** {@code least_conn}: the fewest requests for its weight; among equals, round robin. */
public final class LeastConn extends Least {
    public static final LeastConn INSTANCE = new LeastConn();

    private LeastConn() {}

    @Override
    long cost(Selection selection, Peer peer) {
        return peer.conns;
    }

    /** Compares the requests per weight of two peers. */
    static int compare(Peer one, Peer other) {
        return Long.compare((long) one.conns * other.weight, (long) other.conns * one.weight);
    }
}
