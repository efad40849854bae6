package io.gatehouse.run;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.run.ChildServer.Outcome;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Listening sockets that the one who starts the server has opened, as systemd does for a socket unit. */
class GivenSocketsTest {
    /** Listens on each port or path, and becomes the command after two dashes, with these sockets from 3 on. */
    private static final String GIVER = """
        use Socket;
        $^F = 100;
        while (($_ = shift) ne "--") {
            my $listening;
            if (/^[0-9]+$/) {
                socket($listening, AF_INET, SOCK_STREAM, 0) or die;
                setsockopt($listening, SOL_SOCKET, SO_REUSEADDR, 1);
                bind($listening, sockaddr_in($_, INADDR_LOOPBACK)) or die "bind $_: $!";
            } elsif ($_ ne "datagrams") {
                socket($listening, AF_UNIX, SOCK_STREAM, 0) or die;
                bind($listening, sockaddr_un($_)) or die "bind $_: $!";
            } else {
                socket($listening, AF_UNIX, SOCK_DGRAM, 0) or die;
            }
            listen($listening, 100);
            push @kept, $listening;
        }
        $ENV{LISTEN_FDS} = @kept;
        $ENV{LISTEN_PID} = $$;
        exec @ARGV;
        """;

    @TempDir
    private Path folder;

    private ChildServer server;

    @BeforeEach
    void makeServer() {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/perl")), "perl is not installed");
        server = new ChildServer(folder);
    }

    @AfterEach
    void endServer() {
        server.close();
    }

    private ProcessBuilder given(List<String> sockets, String... words) {
        ProcessBuilder builder = server.builder(words);
        List<String> command = new ArrayList<>(List.of("/usr/bin/perl", "-e", GIVER));
        command.addAll(sockets);
        command.add("--");
        command.addAll(builder.command());
        return builder.command(command);
    }

    private void start(Object... sockets) {
        List<String> names = List.of(sockets).stream().map(String::valueOf).toList();
        server.start(given(names, "-p", folder + "/", "-c", "nginx.conf", "-e", "error.log"));
    }

    private static String answering(String text) {
        return "server { listen 127.0.0.1:PORT; location / { return 200 " + text + "; } }\n";
    }

    /** A socket bound by itself would fail: the giver has the address. */
    @Test
    void areTakenByTheAddressesThatTheyAreBoundTo() throws Exception {
        Path path = folder.resolve("given.sock");
        server.http(answering("one") + "server { listen unix:" + path + "; location / { return 200 two; } }");
        start(server.port, path);

        assertThat(server.get()).endsWith("one");
        assertThat(get(path)).endsWith("two");
        assertThat(server.log()).doesNotContain("bind()", "passed to this process", "[alert]");

        server.signal("QUIT");
        assertThat(server.awaitExit()).isZero();
        assertThat(path).as("what is not ours to remove").exists();
    }

    @Test
    void stayOverReloadsAlsoOverOneThatDoesNotNameThem() throws Exception {
        int other = ChildServer.freePort();
        server.http(answering("one"));
        start(server.port);

        server.http(answering("one").replace("PORT", Integer.toString(other)))
                .signal("HUP")
                .awaitLog("exited with code 0");
        assertThat(ChildServer.get(other)).endsWith("one");
        assertThat(server.log())
                .contains("[warn]")
                .contains("the socket 127.0.0.1:" + server.port + " that was passed to this process (descriptor 3) is"
                        + " named by no \"listen\"");

        server.http(answering("two")).signal("HUP").awaitLog("exited with code 0", 2);
        assertThat(server.get()).endsWith("two");
    }

    @Test
    void thatNobodyNamesAreTold() throws Exception {
        int other = ChildServer.freePort();
        server.http(answering("one"));
        start(server.port, other, "datagrams");

        assertThat(server.get()).endsWith("one");
        assertThat(server.read("stderr"))
                .contains("nginx: [warn] the socket 127.0.0.1:" + other + " that was passed to this process")
                .contains(
                        "nginx: [warn] what was passed to this process as descriptor 5 is no listening stream socket");
    }

    @Test
    void ofAnotherProcessAreLeftAlone() throws Exception {
        server.http(answering("one"));
        ProcessBuilder builder = server.builder("-p", folder + "/", "-c", "nginx.conf", "-e", "error.log");
        builder.environment().put("LISTEN_PID", "1");
        builder.environment().put("LISTEN_FDS", "1000");
        server.start(builder);

        assertThat(server.get()).endsWith("one");
        assertThat(server.read("stderr")).isEmpty();
    }

    @Test
    void cannotBeHadByAServerInTheBackground() throws Exception {
        server.http(answering("one")).conf(server.read("nginx.conf").replace("daemon off;\n", ""));

        Outcome outcome = server.runOnly(
                given(List.of("" + server.port), "-p", folder + "/", "-c", "nginx.conf", "-e", "error.log"));

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err())
                .isEqualTo("nginx: [emerg] listening sockets were passed to this process, which one in the background"
                        + " would not have: \"daemon off;\" is needed\n");
    }

    private static String get(Path path) throws Exception {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(path));
            channel.write(
                    ByteBuffer.wrap("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".getBytes(ISO_8859_1)));
            ByteBuffer answer = ByteBuffer.allocate(4096);
            while (channel.read(answer) >= 0) {}
            return new String(answer.array(), 0, answer.position(), ISO_8859_1);
        }
    }
}
