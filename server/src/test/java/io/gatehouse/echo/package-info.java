/** Tests of the echo application over real sockets, with the JDK's clients and with bytes of their own. */
@NullMarked
package io.gatehouse.echo;

import org.jspecify.annotations.NullMarked;
