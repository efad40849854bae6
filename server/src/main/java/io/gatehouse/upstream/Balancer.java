package io.gatehouse.upstream;

import org.jspecify.annotations.Nullable;

/**
 * A way of choosing among peers. Immutable: what it learns is with the peers and the selection.
 */
public abstract sealed class Balancer permits RoundRobin, Least, IpHash, Hash, ConsistentHash, RandomChoice {

    /** How often a balancer points at peers in vain before it leaves the choice to round robin. */
    static final int MISSES = 20;

    Balancer() {}

    /** Whether a block with this balancer may have {@code backup} servers. */
    public boolean takesBackups() {
        return false;
    }

    void begin(Selection selection) {}

    /** Picks one, or returns null; {@link Selection#take} was called for what is returned. */
    abstract @Nullable Peer choose(Selection selection);

    void headerArrived(Selection selection, Peer peer) {}

    void released(Selection selection, Peer peer, Outcome outcome) {}
}
