/**
 * What authorities say of certificates while they are valid (OCSP, RFC 6960): asks their responders, for the server's own
 * certificates and for those of clients.
 *
 * <p>Requests and responses are Bouncy Castle's, in {@link io.gatehouse.tls.ocsp.Ocsp} alone. Nothing here is loaded unless a
 * configuration uses it.
 */
@NullMarked
package io.gatehouse.tls.ocsp;

import org.jspecify.annotations.NullMarked;
