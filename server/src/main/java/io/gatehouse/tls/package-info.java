/**
 * What TLS is configured towards clients: which certificates, for whom, how sessions go on and how clients are verified.
 *
 * <p>The engine is in {@code wire.tls}, the directives are in {@code module.ssl}.
 */
@NullMarked
package io.gatehouse.tls;

import org.jspecify.annotations.NullMarked;
