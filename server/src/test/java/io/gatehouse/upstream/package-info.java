/** Peers and balancing against sequences computed by hand or by an independent program; pools over real sockets. */
@NullMarked
package io.gatehouse.upstream;

import org.jspecify.annotations.NullMarked;
