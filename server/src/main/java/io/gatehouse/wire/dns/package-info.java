/** Asks name servers over UDP and TCP, on a loop (RFC 1035, 2782, 3596). */
@NullMarked
package io.gatehouse.wire.dns;

import org.jspecify.annotations.NullMarked;
