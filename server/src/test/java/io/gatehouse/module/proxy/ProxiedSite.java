package io.gatehouse.module.proxy;

import io.gatehouse.testing.Site;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A server and the applications behind it, for one test. */
class ProxiedSite {
    @TempDir
    Path folder;

    final List<Application> applications = new ArrayList<>();
    private @Nullable Site site;

    /** Starts an application more. */
    Application app(Application.Script script) throws Exception {
        Application made = new Application(script);
        applications.add(made);
        return made;
    }

    /** Starts the server; {@code @1}, {@code @2} become the addresses of the applications in their order. */
    Site start(String http, String server) throws Exception {
        Site made = new Site(folder, addresses(http), addresses(server));
        site = made;
        return made;
    }

    private String addresses(String text) {
        String out = text;
        for (int i = 0; i < applications.size(); i++) {
            out = out.replace("@" + (i + 1), "127.0.0.1:" + applications.get(i).port);
        }
        return out;
    }

    Site site() {
        return Objects.requireNonNull(site);
    }

    @AfterEach
    void stop() throws Exception {
        if (site != null) {
            site.close();
        }
        for (Application application : applications) {
            application.close();
        }
    }

    /** Answers every request with this status. */
    static Application.Script status(int status) {
        return connection -> {
            while (true) {
                connection.head();
                connection.send("HTTP/1.1 " + status + " X\r\nContent-Length: 3\r\n\r\n" + status);
            }
        };
    }
}
