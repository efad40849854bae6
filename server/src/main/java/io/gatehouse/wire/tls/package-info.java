/**
 * TLS over bytes that somebody else moves: engines, what they are made from, and what is known after a handshake.
 *
 * <p>BoringSSL through netty-tcnative where there is a native library for the machine, else the JDK's engine. Knows nothing of
 * sockets, loops or the configuration's language.
 */
@NullMarked
package io.gatehouse.wire.tls;

import org.jspecify.annotations.NullMarked;
