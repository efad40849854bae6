/**
 * A local authority: certificates for names and addresses that mean this machine or a private network, issued on the fly by a
 * root that was made here. See docs/design/0020-local-authority.md.
 *
 * <p>X.509 is written by BouncyCastle, in {@code Issuing} alone, so that a server without local names loads nothing of it.
 */
@NullMarked
package io.gatehouse.tls.localca;

import org.jspecify.annotations.NullMarked;
