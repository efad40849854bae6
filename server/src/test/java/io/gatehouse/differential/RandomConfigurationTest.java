package io.gatehouse.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.testing.RunningServer;
import io.gatehouse.testing.Site;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Servers made at random, which Debian's nginx and Gatehouse answer requests with: all that a client sees must be the same. Other
 * seeds than the usual ones by {@code -Dgatehouse.seeds=100-199}.
 */
class RandomConfigurationTest {
    private static final int SERVERS = 40;
    private static final int REQUESTS = 25;
    private static final int PATIENCE_MILLIS = 5_000;
    private static final String NO_END = "(and no end)";
    private static final Pattern PREFIX = Pattern.compile("location (?:= |\\^~ )?\"?(/[^\" {]*)");
    private static final Pattern LINE = Pattern.compile("nginx\\.conf:(\\d+)");
    private static final Pattern NAME = Pattern.compile("server_name s(\\d+)\\.test;");

    @TempDir
    private Path folder;

    static LongStream seeds() {
        String[] range = System.getProperty("gatehouse.seeds", "1-3").split("-");
        return LongStream.rangeClosed(Long.parseLong(range[0]), Long.parseLong(range[range.length - 1]));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    @Timeout(120)
    void aServerAtRandomAnswersAsNginxDoes(long seed) throws Exception {
        assumeTrue(Nginx.isInstalled(), "/usr/sbin/nginx is not there (Debian's package nginx-light has it)");
        RandomServer random = new RandomServer(seed);
        try (SegmentApplication application = new SegmentApplication()) {
            int nginxPort = Site.freePort();
            Map<Integer, String> servers = servers(random, nginxPort, application.port());
            Path theirs = write("nginx", servers, nginxPort, application.port());
            int ourPort = Site.freePort();
            Path ours = write("gatehouse", servers, ourPort, application.port());
            try (Nginx nginx = new Nginx(theirs.getParent(), theirs, nginxPort);
                    RunningServer gatehouse = new RunningServer(ours.getParent(), ours)) {
                assertThat(nginx).isNotNull();
                assertThat(gatehouse).isNotNull();
                assertThat(differences(random, servers, nginxPort, ourPort)).isEmpty();
            }
        }
    }

    /** The same servers, asked over both versions. */
    @ParameterizedTest
    @MethodSource("seeds")
    @Timeout(120)
    void aServerAtRandomAnswersOverHttp2AsOverHttp1(long seed) throws Exception {
        assumeTrue(Nginx.isInstalled(), "/usr/sbin/nginx is not there (Debian's package nginx-light has it)");
        RandomServer random = new RandomServer(seed);
        try (SegmentApplication application = new SegmentApplication()) {
            int port = Site.freePort();
            Map<Integer, String> servers = servers(random, port, application.port());
            // Over HTTP/1.1 a target is read before the host is known, and so by the words of the default server.
            servers.replaceAll((i, server) -> server.replace("merge_slashes off;", ""));
            Path file = write("gatehouse", servers, port, application.port());
            Files.writeString(file, Files.readString(file).replace("http {", "http {\nhttp2 on;"));
            List<String> differences = new ArrayList<>();
            try (RunningServer gatehouse = new RunningServer(file.getParent(), file)) {
                assertThat(gatehouse).isNotNull();
                for (Map.Entry<Integer, String> server : servers.entrySet()) {
                    for (String request : requests(random, server)) {
                        String expected =
                                HeardAnswer.overHttp1(request, ask(port, request.replace("HTTP/1.0\r", "HTTP/1.1\r")));
                        String found = HeardAnswer.overHttp2(port, request);
                        // A target that is malformed is refused by the default server over HTTP/1.1, which knows no
                        // host yet.
                        if (!found.equals(expected) && !expected.startsWith("400\n")) {
                            differences.add("--- server " + server.getKey() + " is asked\n" + request
                                    + "--- over HTTP/1.1\n" + expected + "\n--- over HTTP/2\n" + found + "\n--- of\n"
                                    + server.getValue());
                        }
                    }
                }
            }
            assertThat(differences).isEmpty();
        }
    }

    private static List<String> differences(RandomServer random, Map<Integer, String> servers, int nginx, int ours)
            throws IOException {
        List<String> differences = new ArrayList<>();
        for (Map.Entry<Integer, String> server : servers.entrySet()) {
            for (String request : requests(random, server)) {
                String expected = comparable(ask(nginx, request), nginx);
                String found = comparable(ask(ours, request), ours);
                // nginx tells an application of a body that does not follow, in a question whether somebody may come
                // in.
                if (!found.equals(expected) && !expected.endsWith(NO_END)) {
                    differences.add("--- server " + server.getKey() + " is asked\n" + request + "--- nginx answers\n"
                            + expected + "\n--- Gatehouse answers\n" + found + "\n--- of\n" + server.getValue());
                }
            }
        }
        return differences;
    }

    private static List<String> requests(RandomServer random, Map.Entry<Integer, String> server) {
        List<String> named = PREFIX.matcher(server.getValue())
                .results()
                .map(prefix -> prefix.group(1))
                .toList();
        return Stream.generate(() -> random.request("s" + server.getKey() + ".test", named))
                .limit(REQUESTS)
                .toList();
    }

    // ---------------------------------------------------------------- files

    /** Servers that nginx takes, and the files that they serve. */
    private Map<Integer, String> servers(RandomServer random, int port, int application) throws Exception {
        files(folder.resolve("root"));
        files(folder.resolve("root/alt"));
        Files.writeString(folder.resolve("users"), "u:{PLAIN}p\n");
        Map<Integer, String> servers = new TreeMap<>();
        for (int i = 0; i < SERVERS; i++) {
            servers.put(i, random.server());
        }
        dropWhatNginxRefuses(servers, port, application);
        assertThat(servers).hasSizeGreaterThan(SERVERS / 2);
        return servers;
    }

    private static void files(Path root) throws IOException {
        for (String name : List.of(
                "index.html",
                "a.html",
                "b.txt",
                "dir/index.html",
                "dir/a.html",
                "dir/sub/x.gif",
                "dir2/other.html",
                "err.html",
                "img/a.gif",
                "img/b.png",
                "app/index.php",
                "app/x.php",
                "dir/index.txt",
                "empty.html",
                "nodir/.hidden")) {
            Path file = root.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, name.startsWith("empty") ? "" : "file " + name + "\n");
        }
    }

    private Path write(String name, Map<Integer, String> servers, int port, int application) throws IOException {
        Path own = Files.createDirectories(folder.resolve(name));
        String all = servers.entrySet().stream()
                .map(server -> "server { listen 127.0.0.1:@PORT@; server_name s" + server.getKey() + ".test;\n"
                        + server.getValue() + "\n}\n")
                .collect(Collectors.joining());
        try (InputStream in = RandomConfigurationTest.class.getResourceAsStream("random.conf")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("@SERVERS@", all)
                    .replace("@DIR@", own.toString())
                    .replace("@ROOT@", folder.resolve("root").toString())
                    .replace("@PORT@", Integer.toString(port))
                    .replace("@APP@", Integer.toString(application));
            return Files.writeString(own.resolve("nginx.conf"), text);
        }
    }

    /** Takes out each server that nginx has something against. */
    private void dropWhatNginxRefuses(Map<Integer, String> servers, int port, int application) throws Exception {
        while (true) {
            Path file = write("nginx", servers, port, application);
            String refusal = Nginx.refusal(file);
            if (refusal == null) {
                return;
            }
            Matcher line = LINE.matcher(refusal);
            assertThat(line.find()).as(refusal).isTrue();
            List<String> before = Files.readAllLines(file).subList(0, Integer.parseInt(line.group(1)));
            Matcher name = NAME.matcher(String.join("\n", before));
            int last = -1;
            while (name.find()) {
                last = Integer.parseInt(name.group(1));
            }
            assertThat(servers.remove(last)).as(refusal).isNotNull();
        }
    }

    // ---------------------------------------------------------------- talking

    private static String ask(int port, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            StringBuilder answer = new StringBuilder();
            try {
                socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
                byte[] buffer = new byte[16 * 1024];
                for (int count = socket.getInputStream().read(buffer);
                        count >= 0;
                        count = socket.getInputStream().read(buffer)) {
                    answer.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
                }
            } catch (SocketTimeoutException e) {
                answer.append(NO_END);
            } catch (SocketException reset) {
                // of a request with a body that was not read; what came before counts
            }
            return answer.toString();
        }
    }

    /** An answer without what must differ: ports, times, the order of fields. */
    private static String comparable(String answer, int port) {
        int end = answer.indexOf("\r\n\r\n");
        if (end < 0) {
            return answer;
        }
        String[] lines = answer.substring(0, end).split("\r\n");
        boolean noContent = lines[0].contains(" 204 ");
        List<String> fields = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            String line = lines[i];
            // nginx leaves the application's Content-Type in a 204, which has no content.
            if (!line.startsWith("Date: ")
                    && !line.startsWith("Server: ")
                    && !(noContent && (line.startsWith("Content-Type: ") || line.startsWith("Last-Modified: ")))) {
                fields.add(line.replaceFirst("^(Last-Modified|ETag): .*", "$1: x")
                        .replaceFirst("^Expires: (?!Thu, 01 Jan 19|Thu, 31 Dec 2037).*", "Expires: x")
                        .replaceFirst("max-age=(?!(0|1|604800|315360000)$)\\d+$", "max-age=x"));
            }
        }
        fields.sort(null);
        String body = answer.substring(end + 4).replaceFirst("nginx/[0-9.]+( \\(.*\\))?</center>", "nginx</center>");
        return (lines[0] + "\n" + String.join("\n", fields) + "\n\n" + body).replace(Integer.toString(port), "PORT");
    }
}
