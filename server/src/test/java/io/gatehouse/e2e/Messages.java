package io.gatehouse.e2e;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A WebSocket as its client sees it: messages, and how it ends. */
final class Messages implements WebSocket.Listener, AutoCloseable {
    private static final String END = "\uffff";

    final WebSocket socket;
    private final HttpClient client;
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();

    Messages(int port, String target) {
        this(HttpClient.newHttpClient(), "ws://127.0.0.1:" + port + target);
    }

    /** Over TLS. */
    Messages(SSLContext trust, String url) {
        this(HttpClient.newBuilder().sslContext(trust).build(), url);
    }

    private Messages(HttpClient client, String url) {
        this.client = client;
        socket = client.newWebSocketBuilder().buildAsync(URI.create(url), this).join();
    }

    /** The next message; null if the WebSocket ended. */
    @Nullable
    String next() throws InterruptedException {
        String next = seen.poll(20, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing came");
        }
        return next.startsWith(END) ? null : next;
    }

    /** Whether nothing at all comes for so long, no message and no end. */
    boolean isSilentFor(long millis) throws InterruptedException {
        return seen.poll(millis, TimeUnit.MILLISECONDS) == null;
    }

    /** Sends a message and returns the next one that comes. */
    @Nullable
    String ask(String message) throws InterruptedException {
        socket.sendText(message, true).join();
        return next();
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            seen.add(text.toString());
            text.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        seen.add(END + "close " + code);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable cause) {
        seen.add(END + cause);
    }

    @Override
    public void close() {
        socket.abort();
        client.shutdownNow();
    }
}
