/** Questions to responders, over real sockets. */
@org.jspecify.annotations.NullMarked
package io.gatehouse.tls.ocsp;
