package io.gatehouse.upstream;

/**
 * A peer as a status page shows it.
 *
 * @param active requests it has now
 * @param requests it was given
 * @param failures of those
 */
public record PeerStatus(
        String name, String server, boolean backup, int weight, State state, int active, long requests, long failures) {

    /** What the balancer thinks of it. */
    public enum State {
        UP,
        /** Failed {@code max_fails} times within {@code fail_timeout}. */
        UNAVAILABLE,
        DRAINING,
        DOWN
    }

    /** The same peer on two loops as one; unavailable if it is so for any of them. */
    PeerStatus and(PeerStatus other) {
        return new PeerStatus(
                name,
                server,
                backup,
                weight,
                other.state == State.UNAVAILABLE ? other.state : state,
                active + other.active,
                requests + other.requests,
                failures + other.failures);
    }
}
