package io.gatehouse.tls.acme;

import io.gatehouse.observe.log.Clock;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.connector.Connection;
import org.shredzone.acme4j.connector.DefaultConnection;
import org.shredzone.acme4j.connector.HttpConnector;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.provider.AbstractAcmeProvider;
import org.shredzone.acme4j.toolbox.JSON;

/**
 * A conversation with an authority: acme4j's session over HTTPS, with bounds on what is waited for and read. From any thread of
 * this room; acme4j lets one request through at a time. Closed when nothing is to be said any more.
 */
final class AcmeClient implements AutoCloseable {
    /** To connect, and until the head of an answer is there. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

    /** Bytes of an answer; the longest chains have a few thousand. */
    private static final long LONGEST_ANSWER = 1 << 20;

    private final Clock clock;
    private final SSLContext trust;
    private final Session session;
    private final ThreadLocal<Answer> last = new ThreadLocal<>();

    /**
     * What acme4j does not tell of an answer.
     *
     * @param retryAfter how long to wait before the next question; null if nothing is said
     * @param ahead how far the authority's clock is ahead of this machine's; null if it does not tell the time
     */
    record Answer(
            int status,
            @Nullable Duration retryAfter,
            @Nullable Duration ahead) {}

    AcmeClient(AcmeIssuer issuer, Clock clock) throws IOException {
        this.clock = clock;
        trust = Trust.context(issuer);
        session = new Session(issuer.directory(), new Provider());
        session.setLocale(Locale.ENGLISH);
        session.networkSettings().setTimeout(ANSWER_TIMEOUT);
    }

    Session session() {
        return session;
    }

    /** What the last answer to this thread was like; null if there was none. */
    @Nullable
    Answer last() {
        return last.get();
    }

    /** Forgets what the last answer was like. */
    void expect() {
        last.remove();
    }

    @Override
    public void close() {
        session.getHttpClient().shutdownNow();
    }

    /** Speaks to any directory in the same way, without a look at what lies on the class path. */
    private final class Provider extends AbstractAcmeProvider {
        @Override
        public boolean accepts(URI server) {
            return true;
        }

        @Override
        public URL resolve(URI server) {
            try {
                return server.toURL();
            } catch (MalformedURLException e) {
                throw new IllegalArgumentException(e);
            }
        }

        /** A session lives for some minutes: the directory is read once. */
        @Override
        public @Nullable JSON directory(Session of, URI server) throws AcmeException {
            return of.hasDirectory() ? null : super.directory(of, server);
        }

        @Override
        public HttpClient createHttpClient(NetworkSettings settings) {
            return HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NORMAL)
                    .connectTimeout(CONNECT_TIMEOUT)
                    .sslContext(trust)
                    .build();
        }

        @Override
        public Connection connect(URI server, NetworkSettings settings, HttpClient client) {
            return new Asking(createHttpConnector(settings, client));
        }
    }

    private final class Asking extends DefaultConnection {
        Asking(HttpConnector connector) {
            super(connector);
        }

        @Override
        protected void sendRequest(Session of, URL url, Consumer<HttpRequest.Builder> body) throws IOException {
            HttpRequest.Builder request = httpConnector
                    .createRequestBuilder(url)
                    .header("Accept-Charset", "utf-8")
                    .header("Accept-Language", of.getLanguageHeader());
            body.accept(request);
            try {
                HttpResponse<InputStream> answer = httpClient.send(
                        request.build(), BodyHandlers.limiting(BodyHandlers.ofInputStream(), LONGEST_ANSWER));
                lastResponse = answer;
                last.set(read(answer));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("the work ends");
            }
        }
    }

    private Answer read(HttpResponse<?> answer) {
        Instant date = date(answer.headers().firstValue("Date").orElse(""));
        String retry = answer.headers().firstValue("Retry-After").orElse("").strip();
        Instant now = Instant.ofEpochMilli(clock.wallMillis());
        Duration wait = null;
        if (!retry.isEmpty() && retry.length() <= 9 && retry.chars().allMatch(c -> c >= '0' && c <= '9')) {
            wait = Duration.ofSeconds(Long.parseLong(retry));
        } else {
            Instant until = date(retry);
            if (until != null) {
                wait = Duration.between(date == null ? now : date, until);
            }
        }
        return new Answer(answer.statusCode(), wait, date == null ? null : Duration.between(now, date));
    }

    private static @Nullable Instant date(String text) {
        try {
            return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }
}
