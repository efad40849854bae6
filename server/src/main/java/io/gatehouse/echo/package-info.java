/**
 * The small application that every proxy author wants at hand: it shows the request as it arrived, and answers slowly,
 * in chunks, in events, over a WebSocket, with any status or not at all.
 *
 * <p>It stands behind {@code gatehouse up --echo} and {@code gatehouse echo}, knows nothing of the server in front of it,
 * and reads its requests by itself, so that a fault of ours cannot hide in code that both share.
 */
@NullMarked
package io.gatehouse.echo;

import org.jspecify.annotations.NullMarked;
