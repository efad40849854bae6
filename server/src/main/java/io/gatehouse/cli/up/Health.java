package io.gatehouse.cli.up;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Asks the application what it is, at its health address; used by one thread at a time, which waits for the answer. */
public final class Health implements AutoCloseable {
    private static final Duration CONNECTING = Duration.ofSeconds(2);
    private static final Duration ANSWERING = Duration.ofSeconds(5);
    /** More is no answer to this question. */
    private static final int MAX_BYTES = 65_536;

    private static final int BAD_GATEWAY = 502;
    private static final int GATEWAY_TIMEOUT = 504;

    static {
        // The name it is asked under is part of the question, and the JDK keeps Host for itself unless it is told.
        if (System.getProperty("jdk.httpclient.allowRestrictedHeaders") == null) {
            System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
        }
    }

    /** What came of it. */
    public sealed interface Answer {
        /** None that tells anything yet. */
        record None(String why) implements Answer {}

        /** Of something that is no Paperclip. */
        record Other(int status) implements Answer {}

        /**
         * Of a Paperclip.
         *
         * @param mode {@code local_trusted} or {@code authenticated}
         * @param unclaimed whether the first who signs up becomes its administrator
         */
        record Paperclip(String mode, boolean unclaimed) implements Answer {
            /** Whether everyone who reaches it is its administrator, without signing in. */
            public boolean isOpen() {
                return mode.equals("local_trusted");
            }
        }
    }

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECTING)
            .build();
    private final HttpRequest question;

    /** @param to HOST:PORT */
    public Health(String to) {
        question = HttpRequest.newBuilder(URI.create("http://" + to + "/api/health"))
                // The one name that a Paperclip knows in every mode.
                .header("Host", "localhost")
                .header("Accept", "application/json")
                .timeout(ANSWERING)
                .build();
    }

    /** Asks, and waits some seconds at most. */
    public Answer ask() throws InterruptedException {
        try {
            HttpResponse<InputStream> response = client.send(question, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                return read(response.statusCode(), inTime(body));
            }
        } catch (HttpConnectTimeoutException e) {
            return new Answer.None("does not take a connection");
        } catch (HttpTimeoutException e) {
            return new Answer.None("takes connections, but has not answered for " + ANSWERING.toSeconds() + " s");
        } catch (ConnectException e) {
            return new Answer.None("nothing listens there");
        } catch (IOException e) {
            return new Answer.None("gives no answer of HTTP");
        }
    }

    /** The client's own patience ends with the head of an answer. */
    private static byte[] inTime(InputStream body) throws IOException {
        CompletableFuture<Void> late = CompletableFuture.runAsync(
                () -> close(body),
                CompletableFuture.delayedExecutor(ANSWERING.toMillis(), TimeUnit.MILLISECONDS, Runnable::run));
        byte[] read = body.readNBytes(MAX_BYTES);
        if (!late.cancel(false)) {
            throw new HttpTimeoutException("the body");
        }
        return read;
    }

    private static void close(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Answer read(int status, byte[] body) {
        Map<String, String> said = texts(body);
        String mode = said.get("deploymentMode");
        if (mode != null) {
            return new Answer.Paperclip(mode, "bootstrap_pending".equals(said.get("bootstrapStatus")));
        }
        if (status >= BAD_GATEWAY && status <= GATEWAY_TIMEOUT) {
            return new Answer.None(
                    "answers " + status + (said.containsKey("error") ? " (" + said.get("error") + ")" : ""));
        }
        return new Answer.Other(status);
    }

    /** The members of a JSON object whose values are strings; nothing if it is no JSON. */
    private static Map<String, String> texts(byte[] json) {
        Map<String, String> texts = new HashMap<>();
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Map.of();
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                if (parser.nextToken() == JsonToken.VALUE_STRING) {
                    texts.put(name, parser.getString());
                } else {
                    parser.skipChildren();
                }
            }
            return texts;
        } catch (JacksonException noJson) {
            return Map.of();
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
