package io.gatehouse.observe.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class LibraryLogTest {
    private final LibraryLog log = new LibraryLog();

    @Test
    void nettysWarningsAreALineEachAndNobodyElseIsHeard() {
        Logger netty = log.getLogger("io.netty.channel.Some");
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(said, true, UTF_8));
        try {
            netty.info("not this");
            netty.warn("{} of {}", 1, 2, new IOException("why"));
            netty.error("bad");
            log.getLogger("org.example.Other").error("nor that");
        } finally {
            System.setErr(before);
        }

        assertThat(said.toString(UTF_8))
                .contains("gatehouse: [warn] 1 of 2 (java.io.IOException: why)\n")
                .contains("gatehouse: [error] bad\n")
                .doesNotContain("not this", "nor that");
    }
}
