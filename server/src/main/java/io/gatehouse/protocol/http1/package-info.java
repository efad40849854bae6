/** HTTP/1.1, 1.0 and 0.9 towards clients: bytes to exchanges and back (RFC 9112). */
@NullMarked
package io.gatehouse.protocol.http1;

import org.jspecify.annotations.NullMarked;
