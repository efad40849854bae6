/**
 * What TLS is configured with: towards clients, which certificates, for whom, how sessions go on and how clients are verified; and
 * towards applications, what is shown to them.
 *
 * <p>The engine is in {@code wire.tls}, the directives are in {@code module.ssl} and {@code module.proxy}.
 */
@NullMarked
package io.gatehouse.tls;

import org.jspecify.annotations.NullMarked;
