package io.gatehouse.tls.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeNetworkException;
import org.shredzone.acme4j.toolbox.JSON;

/** What authorities say, and what the operator is told that it means. */
class DiagnosisTest {
    private AcmeClient client;

    @AfterEach
    void close() {
        if (client != null) {
            client.close();
        }
    }

    private Diagnosis diagnosis(ChallengeType challenge) throws Exception {
        Engine.Issuer issuer = new Engine.Issuer("https://acme.example/dir", null, null);
        issuer.challenge = challenge;
        client = new AcmeClient(issuer.build(), new MovedClock());
        return new Diagnosis(issuer.build(), client);
    }

    private static Problem problem(String type, String detail) throws Exception {
        return new Problem(
                JSON.parse("{\"type\": \"urn:ietf:params:acme:error:" + type + "\", \"detail\": \"" + detail + "\"}"),
                URI.create("https://acme.example/").toURL());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dns | DNS problem: NXDOMAIN looking up A for a.test | has no address that the authority can find",
                "dns | DNS problem: SERVFAIL looking up CAA for a.test | do not answer properly",
                "connection | 192.0.2.1: Fetching http://a.test/: Connection refused | nothing listens on port 80",
                "connection | Timeout during connect (likely firewall problem) | cannot be reached from outside",
                "connection | Error getting validation data: EOF | breaks the connection off",
                "unauthorized | Invalid response from http://a.test/: 404 | does not know the challenge",
                "unauthorized | The key authorization file does not match | something else answers on port 80",
                "tls | remote error: tls: internal error | redirects to an address whose TLS is broken",
                "caa | CAA record for a.test prevents issuance | names other authorities only",
                "rejectedIdentifier | The server will not issue certificates | gives no certificate for \"a.test\"",
                "serverInternal | Something is wrong | trouble of its own",
            })
    void proofs(String type, String detail, String meaning) throws Exception {
        AcmeFailure failure = diagnosis(ChallengeType.HTTP_01).proof(problem(type, detail), "a.test");
        assertThat(failure.words()).contains(detail).contains("a.test").contains("(" + type + ")");
        assertThat(failure.meaning()).contains(meaning);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "connection | Connection refused | nothing listens on port 443",
                "unauthorized | Cannot negotiate ALPN protocol | another certificate is shown on port 443",
                "tls | no application protocol | use \"challenge http-01\"",
            })
    void proofsByTls(String type, String detail, String meaning) throws Exception {
        assertThat(diagnosis(ChallengeType.TLS_ALPN_01)
                        .proof(problem(type, detail), "a.test")
                        .meaning())
                .contains(meaning);
    }

    /** As the JDK's client tells that a name has no address. */
    @Test
    void anAuthorityWhoseNameIsNotKnownHere() throws Exception {
        ConnectException inner = new ConnectException();
        inner.initCause(new UnresolvedAddressException());
        ConnectException outer = new ConnectException();
        outer.initCause(inner);
        AcmeFailure failure = diagnosis(ChallengeType.HTTP_01).of(new AcmeNetworkException(outer));
        assertThat(failure.words()).isEqualTo("connecting to acme.example failed: host not found");
        assertThat(failure.meaning()).contains("\"acme.example\" is not known here");
    }

    @Test
    void anAuthorityThatDoesNotAnswer() throws Exception {
        AcmeFailure failure =
                diagnosis(ChallengeType.HTTP_01).of(new AcmeNetworkException(new HttpTimeoutException("timed out")));
        assertThat(failure.words()).isEqualTo("connecting to acme.example failed: timed out");
        assertThat(failure.meaning()).contains("does not answer in time");
    }

    @Test
    void whatIsNoAuthority() throws Exception {
        AcmeFailure failure = diagnosis(ChallengeType.HTTP_01).of(new AcmeException("HTTP 200"));
        assertThat(failure.meaning()).contains("look at the address behind \"uri\"");
    }

    @Test
    void whatOthersSaidIsOneLineOfText() {
        AcmeFailure failure = new AcmeFailure("a\u001b[31m\r\nb", "c\td");
        assertThat(failure.words()).isEqualTo("a [31m b");
        assertThat(failure.meaning()).isEqualTo("c d");
    }
}
