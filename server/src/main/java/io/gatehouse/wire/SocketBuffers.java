package io.gatehouse.wire;

/**
 * The kernel's buffers for a connection, in bytes; 0 leaves one to the system, which sizes it to the traffic.
 *
 * @param receive SO_RCVBUF
 * @param send SO_SNDBUF
 */
public record SocketBuffers(int receive, int send) {
    public static final SocketBuffers SYSTEM = new SocketBuffers(0, 0);
}
