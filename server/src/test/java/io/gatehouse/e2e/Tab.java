package io.gatehouse.e2e;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A tab of the browser, with cookies and a cache of its own: what it shows, and what its network tab shows. */
final class Tab implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private final DevTools tools;
    private final String context;
    private final String session;
    private final List<JsonNode> events = new ArrayList<>();

    Tab(DevTools tools, String context, String session) {
        this.tools = tools;
        this.context = context;
        this.session = session;
        tools.listen(this::hear);
        call("Page.enable");
        call("Network.enable");
        call("Runtime.enable");
        call("Log.enable");
    }

    private synchronized void hear(JsonNode event) {
        if (event.path("sessionId").asString("").equals(session)) {
            events.add(event);
            notifyAll();
        }
    }

    private JsonNode call(String method, Object... parameters) {
        return tools.call(session, method, parameters);
    }

    /** Shows a page, and waits until it is complete. */
    Tab open(String url) {
        JsonNode said = call("Page.navigate", "url", url);
        if (said.has("errorText")) {
            throw new AssertionError(url + ": " + said.get("errorText").asString());
        }
        String loader = said.get("loaderId").asString();
        event(
                "Network.responseReceived",
                event -> loader.equals(event.path("loaderId").asString("")));
        awaitTrue("document.readyState === 'complete'");
        return this;
    }

    /** The value of an expression in the page; of a promise, what it comes to. */
    JsonNode value(String expression) {
        JsonNode said = call("Runtime.evaluate", "expression", expression, "awaitPromise", true, "returnByValue", true);
        if (said.has("exceptionDetails")) {
            throw new AssertionError(expression + ": " + said.get("exceptionDetails"));
        }
        return said.get("result").path("value");
    }

    /** What an element of the page says. */
    String text(String id) {
        return value("document.getElementById('" + id + "').textContent").asString();
    }

    /** Waits until an expression in the page is true. */
    void awaitTrue(String expression) {
        boolean came = value("""
            new Promise(done => {
                const end = Date.now() + 20000;
                (function look() {
                    if (%s) done(true);
                    else if (Date.now() > end) done(false);
                    else setTimeout(look, 20);
                })();
            })\
            """.formatted(expression)).asBoolean();
        if (!came) {
            throw new AssertionError("waited in vain for " + expression + "; the page:\n"
                    + value("document.body.innerText").asString());
        }
    }

    /** Waits until an element says something that matches a regular expression of JavaScript. */
    void awaitText(String id, String pattern) {
        awaitTrue("/" + pattern + "/.test(document.getElementById('" + id + "').textContent)");
    }

    void click(String id) {
        value("document.getElementById('" + id + "').click()");
    }

    /** Chooses a file in an element for files. */
    void choose(String id, Path file) {
        String element = call("Runtime.evaluate", "expression", "document.getElementById('" + id + "')")
                .get("result")
                .get("objectId")
                .asString();
        call("DOM.setFileInputFiles", "objectId", element, "files", List.of(file.toString()));
    }

    /** Waits for the first event of the protocol with this name that passes the test, also one of the past. */
    synchronized JsonNode event(String method, Predicate<JsonNode> test) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        JsonNode found = past(method, test);
        while (found == null) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError("waited in vain for " + method + " among " + events);
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            found = past(method, test);
        }
        return found;
    }

    /** The same of those that have been; null if there was none. */
    synchronized @Nullable JsonNode past(String method, Predicate<JsonNode> test) {
        for (JsonNode event : events) {
            if (event.get("method").asString().equals(method) && test.test(event.get("params"))) {
                return event.get("params");
            }
        }
        return null;
    }

    /** What was answered to the request for an address that ends so, as the network tab shows it. */
    JsonNode response(String endOfUrl) {
        return event(
                        "Network.responseReceived",
                        event -> event.path("response").path("url").asString("").endsWith(endOfUrl))
                .get("response");
    }

    @Override
    public void close() {
        tools.call(null, "Target.disposeBrowserContext", "browserContextId", context);
    }
}
