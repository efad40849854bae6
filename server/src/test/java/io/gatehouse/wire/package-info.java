/** Tests of the wire over real sockets, with the JDK's blocking sockets as peers. */
@NullMarked
package io.gatehouse.wire;

import org.jspecify.annotations.NullMarked;
