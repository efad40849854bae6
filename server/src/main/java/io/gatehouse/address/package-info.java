/** Addresses of the Internet Protocol as configurations and fields write them, networks of them, and who is behind a proxy. */
@NullMarked
package io.gatehouse.address;

import org.jspecify.annotations.NullMarked;
