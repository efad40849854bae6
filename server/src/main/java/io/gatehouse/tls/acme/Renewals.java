package io.gatehouse.tls.acme;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.RenewalInfo;
import org.shredzone.acme4j.connector.Resource;
import org.shredzone.acme4j.exception.AcmeException;

/** What an authority says about when to renew (ARI, RFC 9773). */
final class Renewals {
    private Renewals() {}

    /**
     * The window in which it wants a certificate to be renewed.
     *
     * @param askAgain how long that holds
     * @param explanation where to read why, or null
     */
    record Window(
            Instant start,
            Instant end,
            Duration askAgain,
            @Nullable String explanation) {}

    /** Whether the authority says such things at all. */
    static boolean isKnownTo(Login login) throws AcmeException {
        return login.getSession().resourceUrlOptional(Resource.RENEWAL_INFO).isPresent();
    }

    /** Asks; null if the authority does not say such things. Blocks. */
    static @Nullable Window ask(Account account, IssuedCertificate certificate) throws AcmeFailure, IOException {
        account.client().expect();
        Login login = account.login();
        try {
            if (!isKnownTo(login)) {
                return null;
            }
            RenewalInfo info = login.bindRenewalInfo(certificate.certificate());
            info.fetch();
            AcmeClient.Answer answer = account.client().last();
            Duration again = answer == null ? null : answer.retryAfter();
            if (info.getSuggestedWindowEnd().isBefore(info.getSuggestedWindowStart())) {
                throw new AcmeFailure("the window for renewal ends before it begins", "it is left out of account");
            }
            return new Window(
                    info.getSuggestedWindowStart(),
                    info.getSuggestedWindowEnd(),
                    Times.clamp(again == null ? Times.USUAL_ASK : again, Times.SHORTEST_ASK, Times.LONGEST_ASK),
                    info.getExplanation().map(Object::toString).orElse(null));
        } catch (AcmeException | RuntimeException e) {
            throw account.diagnosis().of(e);
        }
    }
}
