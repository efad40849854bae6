package io.gatehouse.observe.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.wire.UnixDatagramSocket;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainDatagramSocketAddress;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SyslogTest {
    private final Logs logs = new Logs(
            new FixedClock(Instant.parse("2026-02-03T04:05:06Z").toEpochMilli()),
            new LogTime(TimeZone.getTimeZone("UTC")),
            123,
            "myhost",
            UnixDatagramSocket::connect,
            Thread::start);
    private final LogLease lease = logs.lease();

    @Test
    void sendsErrorsWithTheirLevel() throws Exception {
        try (DatagramSocket server = server(0)) {
            ErrorLog log = lease.errorLog(
                    List.of(ErrorLogSpec.parse(List.of(
                            "syslog:server=127.0.0.1:" + server.getLocalPort() + ",facility=user,severity=alert"))),
                    path -> path);
            log.log(Level.ERROR, 3, "it failed");

            assertThat(receive(server))
                    .isEqualTo("<11>Feb  3 04:05:06 myhost nginx: 2026/02/03 04:05:06 [error] 123#123: *3 it failed");
        }
    }

    @Test
    void sendsAccessLinesWithTheSeverityConfigured() throws Exception {
        try (DatagramSocket server = server(0)) {
            syslog(server.getLocalPort(), ",severity=alert,tag=SEETHIS,nohostname")
                    .write(bytes("/a:404"), 0, 6);
            assertThat(receive(server)).isEqualTo("<185>Feb  3 04:05:06 SEETHIS: /a:404");

            syslog(server.getLocalPort(), "").write(bytes("/b:404"), 0, 6);
            assertThat(receive(server)).isEqualTo("<190>Feb  3 04:05:06 myhost nginx: /b:404");
        }
    }

    @Test
    void keepsTheOrderAndEachMessageWhole() throws Exception {
        try (DatagramSocket server = server(0)) {
            server.setReceiveBufferSize(1 << 22);
            Syslog syslog = syslog(server.getLocalPort(), ",nohostname");
            for (int i = 0; i < 200; i++) {
                byte[] line = bytes("x".repeat(i) + " " + i);
                syslog.write(line, 0, line.length);
                assertThat(receive(server)).endsWith("nginx: " + "x".repeat(i) + " " + i);
            }
        }
    }

    @Test
    void recoversWhenTheServerComesBack() throws Exception {
        int port;
        Syslog syslog;
        try (DatagramSocket server = server(0)) {
            port = server.getLocalPort();
            syslog = syslog(port, "");
            syslog.write(bytes("one"), 0, 3);
            assertThat(receive(server)).endsWith("one");
        }
        for (int i = 0; i < 3; i++) {
            syslog.write(bytes("lost"), 0, 4);
            assertThat(logs.drain(10_000)).isTrue();
        }
        try (DatagramSocket server = server(port)) {
            syslog.write(bytes("two"), 0, 3);
            assertThat(receive(server)).endsWith("two");
        }
    }

    @Test
    void countsWhatCannotBeSent() throws Exception {
        try (DatagramSocket server = server(0)) {
            Syslog syslog = syslog(server.getLocalPort(), "");
            syslog.write(new byte[70_000], 0, 70_000);
            assertThat(logs.drain(10_000)).isTrue();

            assertThat(syslog.failed()).isEqualTo(1);
            assertThat(logs.lost()).isEqualTo(1);
            syslog.write(bytes("next"), 0, 4);
            assertThat(receive(server)).endsWith("next");
        }
    }

    @Test
    void sendsWhatWaitedWhenItsLastUserGoes() throws Exception {
        try (DatagramSocket server = server(0)) {
            syslog(server.getLocalPort(), "").write(bytes("last"), 0, 4);
            lease.close();
            assertThat(receive(server)).endsWith("last");
        }
    }

    @Test
    void losesNothingToASlowUnixSocket(@TempDir Path dir) throws Exception {
        assumeTrue(Epoll.isAvailable(), "Netty's native library is not for this machine");
        Path path = dir.resolve("log.sock");
        Socket server = Socket.newSocketDomainDgram();
        try {
            server.bind(new DomainSocketAddress(path.toFile()));
            Syslog syslog = lease.syslog(SyslogSpec.parse("syslog:nohostname,server=unix:" + path));
            // More than any receiver's queue takes.
            for (int i = 0; i < 2000; i++) {
                byte[] line = bytes("hello " + i);
                syslog.write(line, 0, line.length);
            }
            for (int i = 0; i < 2000; i++) {
                assertThat(receive(server)).isEqualTo("<190>Feb  3 04:05:06 nginx: hello " + i);
            }
        } finally {
            server.close();
        }
    }

    @Test
    void countsWhatNobodyReceives(@TempDir Path dir) throws Exception {
        assumeTrue(Epoll.isAvailable(), "Netty's native library is not for this machine");
        LogFile errors = lease.file(dir + "/error.log");
        logs.files().tellTroublesTo(logs.errorLog(List.of(new ErrorLog.Entry(errors, Level.ERROR))));
        Syslog syslog = lease.syslog(SyslogSpec.parse("syslog:server=unix:" + dir + "/none"));
        syslog.write(bytes("a"), 0, 1);
        syslog.write(bytes("b"), 0, 1);
        assertThat(logs.drain(10_000)).isTrue();

        assertThat(syslog.failed()).isEqualTo(2);
        assertThat(dir.resolve("error.log"))
                .hasContent("2026/02/03 04:05:06 [error] 123#123: send() failed (2: No such file or directory)"
                        + " while logging to syslog, server: unix:" + dir + "/none\n");
    }

    @Test
    void looksNamesUpWhenItIsOpened() throws Exception {
        SyslogSpec spec = SyslogSpec.parse("syslog:server=no.such.host.invalid:5514");

        assertThatThrownBy(() -> lease.syslog(spec))
                .isInstanceOf(LogOpenException.class)
                .hasMessage("host not found in syslog server \"no.such.host.invalid:5514\"");
    }

    private Syslog syslog(int port, String parameters) throws Exception {
        return lease.syslog(SyslogSpec.parse("syslog:server=127.0.0.1:" + port + parameters));
    }

    private static DatagramSocket server(int port) throws IOException {
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static String receive(DatagramSocket server) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[65536], 65536);
        server.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), ISO_8859_1);
    }

    private static String receive(Socket server) throws IOException {
        ByteBuffer received = ByteBuffer.allocateDirect(1000);
        DomainDatagramSocketAddress from = null;
        while (from == null) {
            Thread.onSpinWait();
            from = server.recvFromDomainSocket(received, 0, received.capacity());
        }
        byte[] message = new byte[from.receivedAmount()];
        received.get(message);
        return new String(message, ISO_8859_1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }
}
