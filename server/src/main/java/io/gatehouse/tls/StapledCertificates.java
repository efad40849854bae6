package io.gatehouse.tls;

import io.gatehouse.exchange.Location;
import io.gatehouse.exchange.SettingsKey;
import io.gatehouse.wire.Loop;
import io.gatehouse.wire.tls.TlsIdentity;
import java.util.List;

/**
 * The certificates of one server that go to clients together with what an authority's responder last said of them ({@code
 * ssl_stapling}). From any thread.
 */
public interface StapledCertificates {
    /** On the level of a server whose certificates have a responder. */
    SettingsKey<StapledCertificates> KEY = SettingsKey.of(StapledCertificates.class);

    /**
     * What to bring along with a connection, on its loop: never blocks. What is not there yet, or old, is asked for; this
     * connection goes without it.
     *
     * @param wanted whether the client asks for it; nobody is asked otherwise
     * @param level of the server: how names are resolved, and where what goes wrong is told
     */
    List<TlsIdentity> identities(Loop loop, boolean wanted, Location level);
}
