package io.gatehouse.tls;

import io.gatehouse.exchange.ClientConnection;
import io.gatehouse.exchange.Location;
import io.gatehouse.exchange.SettingsKey;
import org.jspecify.annotations.Nullable;

/** Asks responders, after a handshake, what they say of the client's certificate ({@code ssl_ocsp}). From any thread. */
public interface ClientStatus {
    /** On the level of a server that asks. */
    SettingsKey<ClientStatus> KEY = SettingsKey.of(ClientStatus.class);

    /** A question under way. */
    @FunctionalInterface
    interface Question {
        /** The connection has gone: no answer is wanted, and none comes. On its loop. */
        void cancel();
    }

    /**
     * Begins to ask, on the connection's loop; never blocks.
     *
     * @param level of the server: how names are resolved, and where what goes wrong is told
     * @param answered runs on the loop, never within this call; {@link io.gatehouse.wire.tls.TlsFacts#doubt} tells what came of it
     * @return null if there is nothing to ask: the client has shown no certificate, or one that is bad anyway
     */
    @Nullable
    Question begin(ClientConnection client, Location level, Runnable answered);
}
