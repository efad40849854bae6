/**
 * HTTP/1.1, 1.0 and 0.9 towards clients: bytes to exchanges and back (RFC 9112).
 *
 * <p>Http1Connection decides what a connection is at; the request it is at is CurrentRequest, read with a RequestHeadParser, its
 * body Http1Body; the answer goes by Responder and Answer.
 */
@NullMarked
package io.gatehouse.protocol.http1;

import org.jspecify.annotations.NullMarked;
