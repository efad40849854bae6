/** Asks a scripted name server on real sockets. */
@NullMarked
package io.gatehouse.wire.dns;

import org.jspecify.annotations.NullMarked;
