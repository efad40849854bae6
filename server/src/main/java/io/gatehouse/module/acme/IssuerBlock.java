package io.gatehouse.module.acme;

import io.gatehouse.config.build.Paths;
import io.gatehouse.config.directive.Scope;
import io.gatehouse.config.directive.Use;
import io.gatehouse.tls.acme.AcmeIssuer;
import io.gatehouse.tls.acme.ChallengeType;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An {@code acme_issuer} block.
 *
 * @param challenge what it says, or null
 * @param issuer the same with {@link ChallengeType#HTTP_01}
 */
record IssuerBlock(String name, @Nullable ChallengeType challenge, AcmeIssuer issuer) {
    /** Puts together what stands in the block. */
    static IssuerBlock of(Use use, Scope block) {
        String name = use.text(0);
        URI directory = block.find(IssuerDirectives.DIRECTORY_URI);
        if (directory == null) {
            throw use.errorAtEnd("acme_issuer: \"uri\" is missing");
        }
        Optional<Path> state = block.find(IssuerDirectives.STATE_PATH);
        AcmeIssuer issuer = new AcmeIssuer(
                name,
                directory,
                block.get(IssuerDirectives.ACCOUNT_KEY),
                or(block.find(IssuerDirectives.CONTACT), List.of()),
                block.find(IssuerDirectives.EXTERNAL_ACCOUNT_KEY),
                ChallengeType.HTTP_01,
                text(block.find(IssuerDirectives.PREFERRED_CHAIN)),
                block.find(IssuerDirectives.PROFILE),
                block.find(IssuerDirectives.SSL_TRUSTED_CERTIFICATE),
                block.get(IssuerDirectives.SSL_VERIFY),
                state == null ? use.prefixPath(stateFolder(name)) : state.orElse(null),
                block.says(IssuerDirectives.ACCEPT_TERMS_OF_SERVICE),
                block.get(IssuerDirectives.COMMON_NAME_IN_CSR));
        return new IssuerBlock(name, block.find(IssuerDirectives.CHALLENGE), issuer);
    }

    private static <T> T or(@Nullable T said, T other) {
        return said == null ? other : said;
    }

    private static @Nullable String text(@Nullable String octets) {
        return octets == null ? null : Paths.fromOctets(octets);
    }

    /** Where an issuer that says nothing of it keeps what it has, under the prefix. */
    static String stateFolder(String issuer) {
        return "acme_" + issuer;
    }

    /** The issuer with a challenge. */
    static AcmeIssuer with(AcmeIssuer issuer, ChallengeType challenge) {
        return with(issuer, challenge, issuer.profile());
    }

    /** The issuer with a profile. */
    static AcmeIssuer with(AcmeIssuer issuer, AcmeIssuer.Profile profile) {
        return with(issuer, issuer.challenge(), profile);
    }

    private static AcmeIssuer with(AcmeIssuer issuer, ChallengeType challenge, AcmeIssuer.@Nullable Profile profile) {
        return new AcmeIssuer(
                issuer.name(),
                issuer.directory(),
                issuer.accountKey(),
                issuer.contacts(),
                issuer.external(),
                challenge,
                issuer.preferredChain(),
                profile,
                issuer.trusted(),
                issuer.verify(),
                issuer.state(),
                issuer.termsAccepted(),
                issuer.commonName());
    }
}
