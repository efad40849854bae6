/**
 * Bytes over a socket, to clients and to applications alike, with demand and gathered writes.
 *
 * <p>The only room that knows Netty's loops, sockets and TLS engines.
 */
@NullMarked
package io.gatehouse.wire;

import org.jspecify.annotations.NullMarked;
