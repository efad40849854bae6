package io.gatehouse.module.acme;

import io.gatehouse.config.build.Paths;
import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.config.syntax.Node;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.tls.acme.AcmeIdentifier;
import io.gatehouse.tls.acme.InvalidIdentifier;
import java.util.List;

/** What a word of a configuration means to an authority. */
final class Identifiers {
    private Identifiers() {}

    /**
     * The identifiers of a word: one, but for a name with a dot before it, which nginx's module takes for itself and
     * {@code www.} before it.
     *
     * @param node of which the word is
     * @param prefix of the message, if it is none
     */
    static List<AcmeIdentifier> of(Node node, Word word, String prefix) {
        try {
            return of(word.text());
        } catch (InvalidIdentifier e) {
            throw ConfigException.at(node, word, prefix + "invalid server name: " + octets(e.message()));
        }
    }

    /** As {@link #of(Node, Word, String)}. */
    static List<AcmeIdentifier> of(String octets) throws InvalidIdentifier {
        String name = Paths.fromOctets(octets);
        if (name.startsWith(".")) {
            AcmeIdentifier bare = AcmeIdentifier.of(name.substring(1));
            return bare.isAddress() ? List.of(bare) : List.of(AcmeIdentifier.of("www." + bare.text()), bare);
        }
        return List.of(AcmeIdentifier.of(name));
    }

    private static String octets(String text) {
        return io.gatehouse.exchange.Exchange.octets(text);
    }
}
