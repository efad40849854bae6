/** Bytes in, bytes out, over real sockets. */
@NullMarked
package io.gatehouse.conformance;

import org.jspecify.annotations.NullMarked;
