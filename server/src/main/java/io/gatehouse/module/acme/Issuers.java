package io.gatehouse.module.acme;

import io.gatehouse.config.build.Paths;
import io.gatehouse.config.directive.Scope;
import io.gatehouse.tls.acme.AcmeIssuer;
import io.gatehouse.tls.acme.ChallengeType;
import io.gatehouse.tls.acme.KeyKind;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The issuers of a configuration: those of its {@code acme_issuer} blocks, and Let's Encrypt, which needs none. Used by the
 * thread that builds.
 */
final class Issuers {
    static final String LETSENCRYPT = "letsencrypt";
    private static final String SHORTLIVED = "shortlived";
    private static final AcmeIssuer.Profile SHORT = new AcmeIssuer.Profile(SHORTLIVED, true);

    /** What needs no block: authorities that anybody can open an account with. */
    private static final Map<String, String> BUILT_IN = Map.of(
            LETSENCRYPT,
            "https://acme-v02.api.letsencrypt.org/directory",
            "letsencrypt-staging",
            "https://acme-staging-v02.api.letsencrypt.org/directory");

    private final Map<String, AcmeIssuer> blocks = new LinkedHashMap<>();
    private final Paths paths;
    private final ChallengeType unsaid;

    Issuers(Scope http, Paths paths, Listening listening) {
        this.paths = paths;
        this.unsaid = listening.https() && !listening.plain() ? ChallengeType.TLS_ALPN_01 : ChallengeType.HTTP_01;
        List<IssuerBlock> said = http.own(IssuerDirectives.ACME_ISSUER_BLOCK);
        for (IssuerBlock block : said == null ? List.<IssuerBlock>of() : said) {
            ChallengeType challenge = block.challenge();
            blocks.put(block.name(), IssuerBlock.with(block.issuer(), challenge == null ? unsaid : challenge));
        }
    }

    /** Those that {@code auto_https on} asks for names that are not local. */
    List<String> byDefault() {
        return blocks.isEmpty() ? List.of(LETSENCRYPT) : List.copyOf(blocks.keySet());
    }

    /** The one of a block, or null. */
    @Nullable
    AcmeIssuer block(String name) {
        return blocks.get(name);
    }

    /** Whether there is one of that name for {@code auto_https}. */
    boolean has(String name) {
        return blocks.containsKey(name) || BUILT_IN.containsKey(name);
    }

    /** Whether a name is of no block, so that a public authority is meant. */
    boolean isBuiltIn(String name) {
        return !blocks.containsKey(name);
    }

    /**
     * The one of that name, which there has to be.
     *
     * @param forAddress whether the certificate is for an IP address: Let's Encrypt issues such for a few days only
     */
    AcmeIssuer get(String name, boolean forAddress) {
        AcmeIssuer block = blocks.get(name);
        if (block == null) {
            return builtIn(name, forAddress);
        }
        boolean usual = BUILT_IN.containsValue(block.directory().toString());
        return forAddress && usual && block.profile() == null ? IssuerBlock.with(block, SHORT) : block;
    }

    private AcmeIssuer builtIn(String name, boolean forAddress) {
        String own = forAddress ? name + "-" + SHORTLIVED : name;
        return new AcmeIssuer(
                own,
                URI.create(BUILT_IN.get(name)),
                new AcmeIssuer.AccountKey.Made(KeyKind.ECDSA_256),
                List.of(),
                null,
                unsaid,
                null,
                forAddress ? SHORT : null,
                null,
                true,
                paths.underPrefix(IssuerBlock.stateFolder(own)),
                true,
                false);
    }

    /** The names that can be written, for messages. */
    String known() {
        return String.join(
                ", ", blocks.isEmpty() ? BUILT_IN.keySet().stream().sorted().toList() : blocks.keySet());
    }
}
