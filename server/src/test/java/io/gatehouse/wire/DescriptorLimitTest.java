package io.gatehouse.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs out of descriptors, in a process of its own. */
@Timeout(60)
class DescriptorLimitTest {
    /** An echo server that says what happens to it. */
    static final class Server {
        private Server() {}

        public static void main(String[] arguments) throws IOException {
            Loop loop = Loops.start(1, new LoopReport() {
                @Override
                public void acceptFailed(ListenSocket socket, IOException cause) {
                    say("accept4() failed (" + Errno.text(cause) + ")");
                }

                @Override
                public void failed(Throwable cause) {
                    say(cause.toString());
                }
            })[0];
            ListenSocket socket = ListenSocket.bind(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), ListenOptions.DEFAULT);
            loop.accept(socket, (wire, from) -> {
                wire.reading(true);
                return new EchoSink();
            });
            say(Errno.text(new ErrnoException("accept", Errno.EMFILE)));
            say("port " + ((InetSocketAddress) socket.address()).getPort());
        }

        private static void say(String line) {
            System.out.println(line);
        }
    }

    @Test
    void acceptingPausesAndGoesOnWhenThereIsRoomAgain() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")) && Loops.usesEpoll());
        Process process = new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        "ulimit -n 80 && exec \"$0\" -cp \"$1\" \"$2\"",
                        ProcessHandle.current().info().command().orElseThrow(),
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Server.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<Socket> peers = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo("24: Too many open files");
            String first = lines.readLine();
            assertThat(first).startsWith("port ");
            int port = Integer.parseInt(first, 5, first.length(), 10);
            // Compiled classes are files here, not one open archive: have them loaded while files can be opened.
            echo(port);
            for (int i = 0; i < 80; i++) {
                peers.add(new Socket(InetAddress.getLoopbackAddress(), port));
            }
            assertThat(lines.readLine()).isEqualTo("accept4() failed (24: Too many open files)");
            for (Socket peer : peers) {
                peer.close();
            }
            echo(port);
        } finally {
            process.destroy();
        }
    }

    private static void echo(int port) throws IOException {
        try (Socket peer = new Socket(InetAddress.getLoopbackAddress(), port)) {
            peer.setSoTimeout(20_000);
            peer.getOutputStream().write('x');
            assertThat(peer.getInputStream().read()).isEqualTo('x');
        }
    }
}
