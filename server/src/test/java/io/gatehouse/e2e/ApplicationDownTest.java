package io.gatehouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.echo.EchoApplication;
import io.gatehouse.echo.EchoServer;
import io.gatehouse.testing.RawHttp;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guide's basic block, and an application that is not there, or not always. */
class ApplicationDownTest {
    @TempDir
    private Path folder;

    @Test
    void aRequestIs502UntilTheApplicationListens() throws Exception {
        int port = Launched.freePort();
        try (Guide guide = Guide.verbatim(folder, port)) {
            RawHttp.Answer answer = RawHttp.get(guide.port, "/a?b=c");
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.body()).contains("<center><h1>502 Bad Gateway</h1></center>");
            assertThat(RawHttp.get(guide.port, "/").status()).isEqualTo(502);

            try (EchoServer application = EchoApplication.start(port)) {
                assertThat(application.port()).isEqualTo(port);
                assertThat(RawHttp.get(guide.port, "/").status()).isEqualTo(200);
            }
            assertThat(guide.stop())
                    .contains("[error] ")
                    .contains("connect() failed (111: Connection refused) while connecting to upstream, client:"
                            + " 127.0.0.1, server: paperclip.yourdomain.com, request: \"GET /a?b=c HTTP/1.1\","
                            + " upstream: \"http://127.0.0.1:" + port + "/a?b=c\", host: \"localhost\"");
        }
    }

    /** An ended application leaves kept connections behind; a new one answers the very next request. */
    @Test
    void aRestartOfTheApplicationCostsNoRequest() throws Exception {
        int port = Launched.freePort();
        try (Guide guide = Guide.verbatim(folder, port)) {
            for (int i = 0; i < 3; i++) {
                try (EchoServer application = EchoApplication.start(port)) {
                    assertThat(application.port()).isEqualTo(port);
                    assertThat(RawHttp.get(guide.port, "/").status()).isEqualTo(200);
                    assertThat(RawHttp.ask(guide.port, "POST", "/upload", "Content-Length: 0")
                                    .status())
                            .isEqualTo(200);
                }
                assertThat(RawHttp.get(guide.port, "/").status()).isEqualTo(502);
            }
        }
    }

    @Test
    void aConnectionThatTheApplicationCutsBeforeTheAnswerIs502() throws Exception {
        try (EchoServer application = EchoApplication.start(0);
                Guide guide = Guide.verbatim(folder, application.port())) {
            assertThat(RawHttp.get(guide.port, "/close").status()).isEqualTo(502);
            assertThat(RawHttp.get(guide.port, "/reset").status()).isEqualTo(502);
            assertThat(RawHttp.get(guide.port, "/").status()).isEqualTo(200);
            assertThat(guide.stop())
                    .contains("upstream prematurely closed connection while reading response header from upstream,")
                    .contains("recv() failed (104: Connection reset by peer) while reading response header from"
                            + " upstream,");
        }
    }
}
