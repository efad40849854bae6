package io.gatehouse.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What systemd is told: this is the other end of NOTIFY_SOCKET. */
class SupervisorTest {
    private static final String ONE = "server { listen 127.0.0.1:PORT; location / { return 200 one; } }\n";

    @TempDir
    private Path folder;

    private ChildServer server;
    private Socket socket;

    @BeforeEach
    void listen() {
        assumeTrue(Epoll.isAvailable(), "Netty's native library is not for this machine");
        server = new ChildServer(folder);
        socket = Socket.newSocketDomainDgram();
    }

    @AfterEach
    void end() throws Exception {
        server.close();
        socket.close();
    }

    private void start(String name) throws Exception {
        socket.bind(new DomainSocketAddress(name.replace('@', '\0')));
        ProcessBuilder builder = server.builder("-p", folder + "/", "-c", "nginx.conf", "-e", "error.log");
        builder.environment().put("NOTIFY_SOCKET", name);
        server.start(builder);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void hearsOfStartReloadAndEnd(boolean isAbstract) throws Exception {
        server.http(ONE);
        long before = System.nanoTime() / 1000;
        start(isAbstract ? "@" + folder : folder + "/notify");

        assertThat(hear()).isEqualTo("MAINPID=" + server.process().pid() + "\nREADY=1\nSTATUS=Serving");
        assertThat(server.get()).endsWith("one");

        server.signal("HUP");
        String reloading = hear();
        assertThat(reloading).matches("(?s)RELOADING=1\nMONOTONIC_USEC=\\d+\nSTATUS=.*");
        assertThat(Long.parseLong(reloading.replaceAll("(?s).*USEC=(\\d+).*", "$1")))
                .isBetween(before, System.nanoTime() / 1000);
        assertThat(hear()).isEqualTo("MAINPID=" + server.process().pid() + "\nREADY=1\nSTATUS=Serving");

        server.signal("QUIT");
        assertThat(hear()).startsWith("STOPPING=1\n");
        assertThat(server.awaitExit()).isZero();
    }

    /** It serves as before, so that it is ready; systemctl's status shows what happened. */
    @Test
    void hearsThatAReloadChangedNothing() throws Exception {
        server.http(ONE);
        start(folder + "/notify");
        assertThat(hear()).contains("READY=1\n");

        server.http("servr {}").signal("HUP");

        assertThat(hear()).startsWith("RELOADING=1\n");
        assertThat(hear()).endsWith("READY=1\nSTATUS=The last reload changed nothing, see the error log");
        assertThat(server.get()).endsWith("one");
    }

    @Test
    void thatIsNotThereKeepsNobodyFromServing() throws Exception {
        server.http(ONE);
        ProcessBuilder builder = server.builder("-p", folder + "/", "-c", "nginx.conf", "-e", "error.log");
        builder.environment().put("NOTIFY_SOCKET", folder + "/nobody");
        server.start(builder);

        assertThat(server.get()).endsWith("one");
        server.awaitLog("sending to NOTIFY_SOCKET \"" + folder + "/nobody\" failed (2: No such file");
    }

    private String hear() throws Exception {
        ByteBuffer message = ByteBuffer.allocateDirect(512);
        CountDownLatch never = new CountDownLatch(1);
        for (int i = 0; i < 1000; i++) {
            int read = socket.read(message, 0, message.capacity());
            if (read > 0) {
                byte[] bytes = new byte[read];
                message.get(0, bytes);
                return new String(bytes, StandardCharsets.UTF_8);
            }
            never.await(20, TimeUnit.MILLISECONDS);
        }
        throw new AssertionError("nothing was told; " + server.log());
    }
}
