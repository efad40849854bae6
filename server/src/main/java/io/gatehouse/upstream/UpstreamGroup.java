package io.gatehouse.upstream;

import io.gatehouse.exchange.Template;
import org.jspecify.annotations.Nullable;

/**
 * The peers behind a name, and what a request to them needs to know.
 *
 * @param peers they
 * @param keepAlive how connections to them are kept
 * @param local whether a connection serves only the place of the configuration that opened it ({@code keepalive N local})
 * @param key what the {@code hash} directive hashes, or null
 * @param byClient whether the client's address decides ({@code ip_hash})
 */
public record UpstreamGroup(
        PeerGroup peers,
        KeepAlive keepAlive,
        boolean local,
        @Nullable Template key,
        boolean byClient) {}
