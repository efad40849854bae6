/**
 * Certificates that the server gets by itself, from an authority that speaks ACME (RFC 8555).
 *
 * <p>{@link io.gatehouse.tls.acme.Acme} is the one for the process. A configuration asks it for what it wants
 * ({@link io.gatehouse.tls.acme.CertificateWish}) and is given a {@link io.gatehouse.tls.acme.ManagedCertificate}, which outlives
 * it. What has to be answered while an authority looks is in {@link io.gatehouse.tls.acme.Challenges}. Why it is made so:
 * docs/design/0018-acme.md.
 */
@NullMarked
package io.gatehouse.tls.acme;

import org.jspecify.annotations.NullMarked;
