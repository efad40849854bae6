package io.gatehouse.tls.acme;

import io.gatehouse.tls.acme.AcmeFailure.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.Identifier;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.exception.AcmeLazyLoadingException;
import org.shredzone.acme4j.exception.AcmeNetworkException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.shredzone.acme4j.exception.AcmeUserActionRequiredException;

/** What went wrong: in the words of who said it, and what that means for the one who runs this server. */
final class Diagnosis {
    private static final String PREFIX = "urn:ietf:params:acme:error:";

    /** An authority that says "too often" without saying until when. */
    private static final Duration USUAL_LIMIT = Duration.ofHours(1);

    /** Certificates of an authority are looked at with a clock that is less wrong than this. */
    private static final Duration WRONG_CLOCK = Duration.ofMinutes(10);

    /** Characters; a line of the log has to hold what it means as well. */
    private static final int LONGEST_WORDS = 600;

    private final AcmeIssuer issuer;
    private final AcmeClient client;

    Diagnosis(AcmeIssuer issuer, AcmeClient client) {
        this.issuer = issuer;
        this.client = client;
    }

    /** A failure of any question that acme4j asked. */
    AcmeFailure of(Exception thrown) {
        Exception e = thrown instanceof AcmeLazyLoadingException && thrown.getCause() instanceof Exception cause
                ? cause
                : thrown;
        AcmeClient.Answer answer = client.last();
        Duration retryAfter = answer == null ? null : answer.retryAfter();
        return switch (e) {
            case AcmeRateLimitedException limited ->
                new AcmeFailure(
                        Kind.LIMIT,
                        words(limited.getProblem()),
                        "the authority has been asked too often, which it counts for all who share the account, the"
                                + " names or the address; it is left alone for a"
                                + " while" + documents(limited.getDocuments()),
                        retryAfter == null ? USUAL_LIMIT : retryAfter,
                        e);
            case AcmeUserActionRequiredException action ->
                new AcmeFailure(
                        Kind.OTHER,
                        words(action.getProblem()),
                        "the authority wants a person to look at "
                                + action.getProblem()
                                        .getInstance()
                                        .map(URI::toString)
                                        .orElse("its new terms of service")
                                + action.getTermsOfServiceUri()
                                        .map(uri -> " (terms: " + uri + ")")
                                        .orElse(""),
                        retryAfter,
                        e);
            case AcmeServerException said ->
                new AcmeFailure(Kind.OTHER, words(said.getProblem()), meaning(said.getProblem(), ""), retryAfter, e);
            case AcmeNetworkException network -> network(network.getCause(), network);
            case IOException io -> network(io, io);
            default -> other(e, answer);
        };
    }

    private static String documents(Collection<?> links) {
        return links.isEmpty() ? "" : "; see " + links.iterator().next();
    }

    private AcmeFailure other(Exception e, AcmeClient.@Nullable Answer answer) {
        String words = String.valueOf(e.getMessage());
        if (answer != null && answer.status() >= 400) {
            boolean busy = answer.status() == 429 || answer.status() == 503;
            return new AcmeFailure(
                    busy && answer.retryAfter() != null ? Kind.LIMIT : Kind.OTHER,
                    words + " from " + issuer.directory(),
                    busy || answer.status() >= 500
                            ? "the authority has trouble of its own; it is asked again later"
                            : "that is not how an authority answers: look at the address behind \"uri\"",
                    answer.retryAfter(),
                    e);
        }
        return new AcmeFailure(
                Kind.OTHER,
                words + " (" + issuer.directory() + ")",
                "that is not how an authority speaks: look at the address behind \"uri\"",
                null,
                e);
    }

    private AcmeFailure network(@Nullable Throwable cause, Exception e) {
        boolean unknown =
                isBecauseOf(cause, UnknownHostException.class) || isBecauseOf(cause, UnresolvedAddressException.class);
        String words = "connecting to " + issuer.directory().getAuthority() + " failed: "
                + (unknown ? "host not found" : deepest(cause));
        String meaning = "";
        if (unknown) {
            meaning = "the name \"" + issuer.directory().getHost()
                    + "\" is not known here: look at this machine's name servers (/etc/resolv.conf)";
        } else if (isBecauseOf(cause, HttpTimeoutException.class)) {
            meaning = "the authority does not answer in time, or a firewall lets nothing out to it";
        } else if (isBecauseOf(cause, ConnectException.class)) {
            meaning = "nothing listens there, or a firewall on the way refuses";
        } else if (isBecauseOf(cause, SSLException.class)) {
            meaning = "its certificate is not trusted here: for an authority of your own name its root by"
                    + " ssl_trusted_certificate; else somebody on the way opens TLS, or this machine's clock is wrong";
        }
        return new AcmeFailure(Kind.OTHER, words, meaning + clock(), null, e);
    }

    private static boolean isBecauseOf(@Nullable Throwable thrown, Class<? extends Throwable> type) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    private static String deepest(@Nullable Throwable cause) {
        Throwable deepest = cause;
        String text = "";
        while (deepest != null) {
            if (deepest.getMessage() != null) {
                text = deepest.getMessage();
            } else if (text.isEmpty()) {
                text = deepest.getClass().getSimpleName();
            }
            deepest = deepest.getCause();
        }
        return text;
    }

    /** Whether the machine's clock is wrong, as far as the authority's answers tell; empty if not. */
    private String clock() {
        AcmeClient.Answer answer = client.last();
        Duration ahead = answer == null ? null : answer.ahead();
        if (ahead == null || ahead.abs().compareTo(WRONG_CLOCK) < 0) {
            return "";
        }
        return "; this machine's clock is " + Times.text(ahead.abs()) + (ahead.isNegative() ? " ahead of" : " behind")
                + " the authority's: set it";
    }

    /** A name could not be shown to be ours. */
    AcmeFailure proof(Problem problem, String name) {
        String words = words(problem);
        return new AcmeFailure(
                Kind.PROOF,
                words.contains(name) ? words : name + ": " + words,
                meaning(
                                problem,
                                problem.getIdentifier()
                                        .map(Identifier::getValue)
                                        .orElse(name))
                        + clock(),
                null,
                null);
    }

    /** What the authority says, and the kind of its problem. */
    static String words(Problem problem) {
        String said = problem.toString();
        return (said.length() > LONGEST_WORDS ? said.substring(0, LONGEST_WORDS) + "..." : said) + " (" + type(problem)
                + ")";
    }

    private static String type(Problem problem) {
        try {
            String type = problem.getType().toString();
            return type.startsWith(PREFIX) ? type.substring(PREFIX.length()) : type;
        } catch (RuntimeException e) {
            return "no type";
        }
    }

    static boolean isOf(AcmeServerException e, String type) {
        return type(e.getProblem()).equals(type);
    }

    private String meaning(Problem problem, String name) {
        String said = problem.toString().toLowerCase(Locale.ROOT);
        String whose = name.isEmpty() ? "the name" : "\"" + name + "\"";
        return switch (type(problem)) {
            case "dns" -> dns(said, whose);
            case "connection" -> connection(said, whose);
            case "unauthorized", "incorrectResponse" ->
                name.isEmpty() ? "the authority does not know the account, or has closed it" : wrongAnswer(said, whose);
            case "tls" ->
                issuer.challenge() == ChallengeType.TLS_ALPN_01
                        ? "what answers on port 443 of " + whose
                                + " does not speak acme-tls/1: something before this server ends"
                                + " TLS (a CDN, a load balancer), or DNS points elsewhere; use \"challenge http-01\""
                        : "port 80 of " + whose
                                + " redirects to an address whose TLS is broken: the request for the challenge has"
                                + " to reach this server";
            case "caa" ->
                "a CAA record of " + whose + " or of a domain above it names other authorities only: add one for"
                        + " this authority" + caa();
            case "rejectedIdentifier" ->
                "the authority gives no certificate for " + whose
                        + "; many give none for IP addresses, or in the profile \"shortlived\" only, and none for"
                        + " names that are not public";
            case "unsupportedIdentifier" -> "the authority gives no certificates for names of that kind";
            case "externalAccountRequired" ->
                "the authority knows its customers by a key that it gives them:" + " external_account_key";
            case "accountDoesNotExist" -> "the authority does not know the account any more";
            case "badCSR" -> "the authority does not like the request; another \"key=\" may please it";
            case "badPublicKey", "badSignatureAlgorithm" ->
                "the authority does not take such a key: choose another by" + " account_key or \"key=\"";
            case "invalidContact", "unsupportedContact" -> "look at \"contact\"";
            case "invalidProfile" -> "look at \"profile\"";
            case "serverInternal" -> "the authority has trouble of its own; it is asked again later";
            case "badNonce" ->
                "the authority takes none of the nonces it gives; something on the way may keep its answers";
            default -> "";
        };
    }

    private static String dns(String said, String whose) {
        if (said.contains("servfail")
                || said.contains("timed out")
                || said.contains("timeout")
                || said.contains("dnssec")) {
            return "the name servers of " + whose + " do not answer properly, or DNSSEC is broken there";
        }
        return whose
                + " has no address that the authority can find: add an A or AAAA record that points to this server";
    }

    private String connection(String said, String whose) {
        int port = issuer.challenge() == ChallengeType.TLS_ALPN_01 ? 443 : 80;
        if (said.contains("refused")) {
            return "nothing listens on port " + port + " of the address that " + whose
                    + " points to: let a server listen" + " there, have the router forward it, or DNS points elsewhere";
        }
        if (said.contains("timeout") || said.contains("timed out")) {
            return "port " + port + " of the address that " + whose
                    + " points to cannot be reached from outside: a firewall,"
                    + " a router or the provider blocks it, or DNS points elsewhere (also look at the AAAA record)";
        }
        if (said.contains("reset") || said.contains("eof")) {
            return "what answers on port " + port + " of " + whose + " breaks the connection off: something before this"
                    + " server, or DNS points elsewhere";
        }
        return "the authority cannot reach port " + port + " of the address that " + whose + " points to";
    }

    private String wrongAnswer(String said, String whose) {
        if (issuer.challenge() == ChallengeType.TLS_ALPN_01) {
            return "another certificate is shown on port 443 of " + whose
                    + ": something before this server ends TLS, or DNS" + " points elsewhere";
        }
        return "something else answers on port 80 of " + whose
                + (said.contains("404") ? " and does not know the challenge" : "")
                + ": another server, a proxy before this one, or DNS points elsewhere (also look at the AAAA record)";
    }

    private String caa() {
        try {
            Collection<String> names = client.session().hasDirectory()
                    ? client.session().getMetadata().getCaaIdentities()
                    : List.of();
            return names.isEmpty() ? "" : ", CAA 0 issue \"" + names.iterator().next() + "\"";
        } catch (Exception e) {
            return "";
        }
    }
}
