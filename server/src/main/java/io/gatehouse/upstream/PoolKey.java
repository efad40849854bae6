package io.gatehouse.upstream;

import java.net.SocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What two requests must have in common to use one connection. Immutable; meant to be made once and used often.
 */
public final class PoolKey {
    private final SocketAddress address;
    private final @Nullable SocketAddress local;
    private final boolean transparent;
    private final @Nullable Object facts;
    private final KeepAlive keepAlive;
    private final int hash;

    /**
     * @param address the peer's
     * @param local what to bind to ({@code proxy_bind}), or null
     * @param transparent {@code proxy_bind ... transparent}
     * @param facts whatever else must be equal: how TLS is spoken; the location, where a block keeps them
     *     for each ({@code keepalive N local}, the default); or null
     * @param keepAlive how it is kept
     */
    public PoolKey(
            SocketAddress address,
            @Nullable SocketAddress local,
            boolean transparent,
            @Nullable Object facts,
            KeepAlive keepAlive) {
        this.address = address;
        this.local = local;
        this.transparent = transparent;
        this.facts = facts;
        this.keepAlive = keepAlive;
        int mixed = address.hashCode() * 31 + Objects.hashCode(local);
        mixed = mixed * 31 + Objects.hashCode(facts);
        this.hash = (mixed * 31 + keepAlive.hashCode()) * 31 + Boolean.hashCode(transparent);
    }

    /** A plain connection without a local address. */
    public static PoolKey of(SocketAddress address, KeepAlive keepAlive) {
        return new PoolKey(address, null, false, null, keepAlive);
    }

    public SocketAddress address() {
        return address;
    }

    public @Nullable SocketAddress local() {
        return local;
    }

    public boolean transparent() {
        return transparent;
    }

    public @Nullable Object facts() {
        return facts;
    }

    public KeepAlive keepAlive() {
        return keepAlive;
    }

    boolean has(@Nullable SocketAddress local, boolean transparent, @Nullable Object facts, KeepAlive keepAlive) {
        return this.transparent == transparent
                && this.keepAlive.equals(keepAlive)
                && Objects.equals(this.facts, facts)
                && Objects.equals(this.local, local);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || other instanceof PoolKey key
                        && hash == key.hash
                        && address.equals(key.address)
                        && has(key.local, key.transparent, key.facts, key.keepAlive);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return SocketName.of(address);
    }
}
