/** HTTP/2 towards clients: frames and streams of our own over Netty's HPACK. */
@NullMarked
package io.gatehouse.protocol.http2;

import org.jspecify.annotations.NullMarked;
