package io.gatehouse.protocol.http2;

import io.gatehouse.exchange.Location;
import io.gatehouse.exchange.SettingsKey;

/**
 * nginx's {@code http2_*} directives of one place; all but the last count on the level of a server.
 *
 * @param enabled {@code http2}
 * @param concurrentStreams {@code http2_max_concurrent_streams}
 * @param bodyPreread {@code http2_body_preread_size}: bytes of a body that may come before somebody wants them
 * @param chunkSize {@code http2_chunk_size}: the most bytes in one DATA frame
 */
public record Http2Settings(boolean enabled, int concurrentStreams, int bodyPreread, int chunkSize) {
    public static final SettingsKey<Http2Settings> KEY = SettingsKey.of(Http2Settings.class);

    /** Where nobody says anything. */
    public static final Http2Settings DEFAULT = new Http2Settings(false, 128, 65536, 8192);

    /** Those of a place. */
    public static Http2Settings of(Location place) {
        Http2Settings found = place.settings(KEY);
        return found == null ? DEFAULT : found;
    }
}
