package io.gatehouse.upstream;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One request's way through the peers of a group: which it has tried, which it has now, how many attempts are left. It
 * is on the request's loop, and can be used for another request after {@link #begin}.
 *
 * <p>Times are a steady clock's milliseconds, the same for all loops.
 */
public final class Selection {
    private static final byte[] NO_ADDRESS = {0, 0, 0};

    private @Nullable Peers peers;
    private @Nullable PeerList list;
    private @Nullable Peer current;
    private long[] tried = new long[1];
    private int generation;
    private int tries;

    String key = "";
    byte[] client = NO_ADDRESS;
    int clientLength = NO_ADDRESS.length;

    // What the balancers remember between attempts.
    int misses;
    int rehash;
    int hash;
    boolean inflight;

    /** The instant of the call that is under way. */
    long nowMillis;
    /** The same in whole seconds. */
    long now;

    private long pickedAt;
    private long headerAt = -1;

    /** Sets the value of the {@code hash} directive's key; before {@link #begin}. */
    public Selection key(String octets) {
        key = octets;
        return this;
    }

    /** Sets the client's address for {@code ip_hash}, or null for a client without one; before {@link #begin}. */
    public Selection client(byte @Nullable [] address) {
        client = address == null ? NO_ADDRESS : address;
        // Clients of one IPv4 network of 256 go to the same peer.
        clientLength = client.length == 4 ? 3 : client.length;
        return this;
    }

    /** Starts anew with the peers of a group. What was picked before must have been released. */
    public void begin(Peers from) {
        peers = from;
        list = from.primary;
        current = null;
        misses = 0;
        rehash = 0;
        hash = 0;
        inflight = false;
        from.begin(this);
    }

    /** The part of {@link #begin} that reads what others may change. */
    void begin(PeerList primary, @Nullable PeerList backup, int generation) {
        this.generation = generation;
        int most = Math.max(primary.number(), backup == null ? 0 : backup.number());
        tries = primary.tries + (backup == null ? 0 : backup.tries);
        int words = Math.max(1, most + 63 >>> 6);
        if (tried.length < words) {
            tried = new long[words];
        } else {
            Arrays.fill(tried, 0);
        }
    }

    /**
     * Chooses a peer and counts the request as its; null if there is none to ask: "no live upstreams".
     */
    public @Nullable Peer pick(long nowMillis) {
        if (current != null) {
            throw new IllegalStateException("the last peer was not released");
        }
        at(nowMillis);
        pickedAt = nowMillis;
        headerAt = -1;
        return peers().pick(this);
    }

    /** Notes that the peer's answer begins; {@code least_time} needs it, others do not mind. */
    public void headerArrived(long nowMillis) {
        Peer peer = current;
        if (peer != null && headerAt == -1) {
            at(nowMillis);
            headerAt = nowMillis;
            peers().headerArrived(this, peer);
        }
    }

    /**
     * Ends the attempt that {@link #pick} began. Without one, nothing happens.
     *
     * @return whether the peer was thereby made unavailable, which is to be logged
     */
    public boolean release(Outcome outcome, long nowMillis) {
        Peer peer = current;
        if (peer == null) {
            return false;
        }
        at(nowMillis);
        return peers().release(this, peer, outcome);
    }

    /** How many attempts are left; after a failure with none left, the request fails. */
    public int tries() {
        return tries;
    }

    /** Bounds the attempts ({@code proxy_next_upstream_tries}); 0 does not. */
    public void limitTries(int most) {
        if (most > 0 && tries > most) {
            tries = most;
        }
    }

    /** Gives an attempt back: a kept connection that the peer had just closed says nothing about the peer. */
    public void regainTry() {
        tries++;
    }

    /** The peer that was picked and not yet released. */
    public @Nullable Peer current() {
        return current;
    }

    /** The group's name, which stands for the peer in {@code $upstream_addr} when none could be picked. */
    public String groupName() {
        return peers().name();
    }

    private void at(long millis) {
        nowMillis = millis;
        now = Math.floorDiv(millis, 1000L);
    }

    private Peers peers() {
        Peers begun = peers;
        if (begun == null) {
            throw new IllegalStateException("not begun");
        }
        return begun;
    }

    // For the balancers, which are called under the group's lock.

    PeerList list() {
        PeerList begun = list;
        if (begun == null) {
            throw new IllegalStateException("not begun");
        }
        return begun;
    }

    /** Whether the peers were replaced since {@link #begin}, so that what was tried means nothing any more. */
    boolean isStale() {
        return generation != peers().generation;
    }

    boolean isTried(int index) {
        return (tried[index >>> 6] & 1L << index) != 0;
    }

    boolean canTry(int index) {
        return !isTried(index) && list().peers[index].accepts(now);
    }

    /** Takes a peer of several. */
    Peer take(int index) {
        Peer peer = list().peers[index];
        tried[index >>> 6] |= 1L << index;
        peer.tried(now);
        return takeOnly(peer);
    }

    /** Takes the group's only peer, which may be tried again. */
    Peer takeOnly(Peer peer) {
        current = peer;
        peer.conns++;
        peer.requests++;
        return peer;
    }

    /** Goes on with the backup peers; false if these are they, or there are none. */
    boolean fallBack() {
        PeerList backup = peers().backup;
        if (backup == null || backup == list()) {
            return false;
        }
        list = backup;
        Arrays.fill(tried, 0);
        return true;
    }

    boolean ended(Peer peer, Outcome outcome) {
        boolean disabled = false;
        if (outcome == Outcome.FAILED) {
            peer.failures++;
        }
        if (list().single) {
            peer.fails = 0;
            tries = 0;
        } else {
            if (outcome == Outcome.FAILED) {
                disabled = peer.failed(now);
            } else {
                peer.passed();
            }
            tries = Math.max(tries - 1, 0);
        }
        peer.conns--;
        current = null;
        return disabled;
    }

    /** How long the peer took to begin its answer, or -1 if it did not. */
    long headerMillis() {
        return headerAt == -1 ? -1 : headerAt - pickedAt;
    }

    long responseMillis() {
        return nowMillis - pickedAt;
    }
}
