package io.gatehouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.cli.trust.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A real browser, whose user has run {@code gatehouse trust}, and {@code gatehouse up localhost --echo}. */
class LocalHttpsIT {
    @TempDir
    private static Path folder;

    private static Path program;
    private static Path home;

    @AutoClose
    private static Launched up;

    @AutoClose
    private static Chromium browser;

    @BeforeAll
    static void start() throws Exception {
        program = Chromium.installed();
        assumeTrue(Programs.find("certutil") != null, "certutil is not installed");
        home = Files.createDirectory(folder.resolve("home"));
        assertThat(Launched.trust(folder, home)).contains("added to: Chromium and Chrome, " + home + "/.pki/nssdb");
        up = Launched.upLocally(folder);
        browser = Chromium.start(program, folder.resolve("profile"), home);
    }

    @Test
    void thePageLoadsOverHttp2WithoutAWarningAndItsWebSocketIsLive() {
        try (Tab tab = browser.tab().open("https://localhost:" + up.port + "/")) {
            JsonNode page = tab.response(up.port + "/");
            assertThat(page.get("status").intValue()).isEqualTo(200);
            assertThat(page.get("protocol").asString()).isEqualTo("h2");
            assertThat(page.get("securityState").asString()).isEqualTo("secure");
            assertThat(page.get("securityDetails").get("issuer").asString()).startsWith("Gatehouse local authority (");
            assertThat(tab.value("isSecureContext").asBoolean()).isTrue();
            tab.awaitText("ws-state", "^101 . open$");
            assertThat(tab.text("ws-url")).startsWith("wss://localhost:" + up.port + "/");
            tab.value("document.getElementById('ws-text').value = 'to and fro'");
            tab.value("document.getElementById('ws-form').requestSubmit()");
            tab.awaitText("ws-log", "\u2190 to and fro");
            assertThat(tab.past("Log.entryAdded", event -> true)).isNull();
            assertThat(tab.past("Network.loadingFailed", event -> true)).isNull();
        }
    }

    @Test
    void whoHasNotRunTrustIsWarned() throws Exception {
        Path stranger = Files.createDirectory(folder.resolve("stranger"));
        try (Chromium other = Chromium.start(program, folder.resolve("other"), stranger);
                Tab tab = other.tab()) {
            assertThatThrownBy(() -> tab.open("https://localhost:" + up.port + "/"))
                    .hasMessageContaining("net::ERR_CERT_AUTHORITY_INVALID");
        }
    }
}
