package io.gatehouse.wire;

/**
 * What a listening socket is set up with: the parameters of nginx's {@code listen} that concern the socket.
 *
 * @param backlog the length of the queue of connections not yet accepted
 * @param reusePort SO_REUSEPORT, so that every loop may have a socket of its own on one address
 * @param receiveBuffer SO_RCVBUF in bytes, 0 to leave it
 * @param sendBuffer SO_SNDBUF in bytes, 0 to leave it
 * @param fastOpen the queue length of TCP_FASTOPEN, 0 for off
 * @param deferred TCP_DEFER_ACCEPT
 * @param ipv6Only whether an IPv6 socket refuses IPv4
 * @param keepAlive SO_KEEPALIVE and its times
 */
public record ListenOptions(
        int backlog,
        boolean reusePort,
        int receiveBuffer,
        int sendBuffer,
        int fastOpen,
        boolean deferred,
        boolean ipv6Only,
        KeepAlive keepAlive) {

    /** nginx's defaults. */
    public static final ListenOptions DEFAULT = new ListenOptions(511, false, 0, 0, 0, false, true, KeepAlive.SYSTEM);

    /**
     * {@code so_keepalive}.
     *
     * @param set whether the socket says anything about it at all
     * @param on whether it is on
     * @param idle seconds until the first probe, 0 for the system's
     * @param interval seconds between probes, 0 for the system's
     * @param count probes, 0 for the system's
     */
    public record KeepAlive(boolean set, boolean on, int idle, int interval, int count) {
        public static final KeepAlive SYSTEM = new KeepAlive(false, false, 0, 0, 0);
        public static final KeepAlive OFF = new KeepAlive(true, false, 0, 0, 0);
        public static final KeepAlive ON = new KeepAlive(true, true, 0, 0, 0);
    }

    public ListenOptions withBacklog(int length) {
        return new ListenOptions(length, reusePort, receiveBuffer, sendBuffer, fastOpen, deferred, ipv6Only, keepAlive);
    }

    public ListenOptions withReusePort(boolean on) {
        return new ListenOptions(backlog, on, receiveBuffer, sendBuffer, fastOpen, deferred, ipv6Only, keepAlive);
    }

    public ListenOptions withBuffers(int receive, int send) {
        return new ListenOptions(backlog, reusePort, receive, send, fastOpen, deferred, ipv6Only, keepAlive);
    }

    public ListenOptions withFastOpen(int queue) {
        return new ListenOptions(backlog, reusePort, receiveBuffer, sendBuffer, queue, deferred, ipv6Only, keepAlive);
    }

    public ListenOptions withDeferred(boolean on) {
        return new ListenOptions(backlog, reusePort, receiveBuffer, sendBuffer, fastOpen, on, ipv6Only, keepAlive);
    }

    public ListenOptions withIpv6Only(boolean on) {
        return new ListenOptions(backlog, reusePort, receiveBuffer, sendBuffer, fastOpen, deferred, on, keepAlive);
    }

    public ListenOptions withKeepAlive(KeepAlive setting) {
        return new ListenOptions(backlog, reusePort, receiveBuffer, sendBuffer, fastOpen, deferred, ipv6Only, setting);
    }
}
