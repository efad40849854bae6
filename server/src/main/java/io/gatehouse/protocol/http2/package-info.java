/**
 * HTTP/2 towards clients: frames and streams of our own over Netty's HPACK (RFC 9113).
 *
 * <p>FrameReader reads frames, FrameEvents and HeaderBlocks say what they mean, HeadReader makes a request of a block. An
 * Http2Stream has its Http2Body, ReceiveWindow and Http2Answer, or a StreamWire for a tunnel; StreamEnds says how it ends. Outflow
 * sends, Floods counts what may mean harm, Http2Connection lives and ends.
 */
@NullMarked
package io.gatehouse.protocol.http2;

import org.jspecify.annotations.NullMarked;
