/** {@code real_ip_header}: who is behind a proxy. */
@NullMarked
package io.gatehouse.module.realip;

import org.jspecify.annotations.NullMarked;
