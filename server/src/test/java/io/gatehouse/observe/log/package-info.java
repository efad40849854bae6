/** Tests of the logs, with real files, FIFOs and sockets. */
@NullMarked
package io.gatehouse.observe.log;

import org.jspecify.annotations.NullMarked;
