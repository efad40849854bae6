/**
 * Bytes over a socket, to clients and to applications alike, with demand and gathered writes.
 *
 * <p>The only room that knows Netty's loops, sockets and TLS engines. A {@link io.gatehouse.wire.Wire} over a socket is a SocketWire:
 * what comes in is with WireInput and TlsInput, what goes out with WireOutput, its OutQueue and TlsLayer, the calls with
 * EpollSocket or NioSocket. A {@link io.gatehouse.wire.Loop} is a SocketLoop: LoopTurns is its thread, TimerWheel its deadlines,
 * LoopBuffers what its wires share. A {@link io.gatehouse.wire.Tunnel} joins two wires.
 */
@NullMarked
package io.gatehouse.wire;

import org.jspecify.annotations.NullMarked;
