package io.gatehouse.tls;

import io.gatehouse.exchange.SettingsKey;
import io.gatehouse.wire.tls.TlsIdentity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The certificates of one server that nobody has put into files: they come by themselves, change in operation, and may not be
 * there yet. From any thread.
 */
public interface AutomaticCertificates {
    /** On the level of a server that has none of its own. */
    SettingsKey<AutomaticCertificates> KEY = SettingsKey.of(AutomaticCertificates.class);

    /** What there is for a client at this moment. */
    sealed interface Answer {
        /** Certificates to bring along with the connection, the most wanted first; at least one. */
        record AtHand(List<TlsIdentity> identities) implements Answer {
            public AtHand {
                identities = List.copyOf(identities);
            }
        }

        /** {@link #obtain} has it within a moment; the handshake waits for that. */
        record Obtainable() implements Answer {}

        /**
         * Nothing yet, and nothing soon: the handshake is refused.
         *
         * @param what for the log: which certificate is awaited, from whom and since when; null if that was told a moment ago
         */
        record Awaited(@Nullable String what) implements Answer {}
    }

    /**
     * On a loop: never blocks.
     *
     * @param name that the client asks for, in lower case; the address that it has connected to if it asks for none
     */
    Answer answer(String name);

    /**
     * Obtains what was {@link Answer.Obtainable}; may block, for a moment.
     *
     * @return as {@link Answer.AtHand#identities}
     * @throws LoadException what has gone wrong, for the log
     */
    List<TlsIdentity> obtain(String name) throws LoadException;

    /** What its certificates are for. */
    List<String> names();
}
