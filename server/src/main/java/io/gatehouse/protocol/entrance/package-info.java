/** What happens to a connection between its acceptance and its first request. */
@NullMarked
package io.gatehouse.protocol.entrance;

import org.jspecify.annotations.NullMarked;
