package io.gatehouse.protocol;

import io.gatehouse.exchange.CoreSettings;
import io.gatehouse.wire.Loop;

/** How much longer a client may send what nobody reads ({@code lingering_time}, {@code lingering_timeout}). */
public final class Linger {
    public final CoreSettings settings;
    /** Whether the connection serves another request when the client has sent all. */
    public final boolean thenKept;

    private final Loop loop;
    private final long until;

    public Linger(CoreSettings settings, Loop loop, boolean thenKept) {
        this.settings = settings;
        this.loop = loop;
        this.thenKept = thenKept;
        this.until = loop.nanos() + settings.lingeringTime() * 1_000_000;
    }

    /** Milliseconds to wait for the next bytes; 0 if it was long enough. */
    public long millis() {
        long left = (until - loop.nanos()) / 1_000_000;
        return left <= 0 ? 0 : Math.clamp(settings.lingeringTimeout(), 1, left);
    }
}
