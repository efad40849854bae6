package io.gatehouse.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.run.ChildServer.Outcome;
import io.gatehouse.testing.Alongside;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** nginx's command line: words, streams, exit codes. */
@Alongside
class CommandTest {
    private static final String ONE = "server { listen 127.0.0.1:PORT; location / { return 200 one; } }\n";

    @TempDir
    private Path folder;

    private ChildServer server;

    @BeforeEach
    void makeServer() {
        server = new ChildServer(folder);
    }

    @AfterEach
    void endServer() {
        server.close();
    }

    @Test
    void testTellsThatAllIsWell() {
        assertThat(server.http(ONE).run("-t"))
                .isEqualTo(new Outcome(
                        0,
                        "",
                        "nginx: the configuration file " + folder + "/nginx.conf syntax is ok\n"
                                + "nginx: configuration file " + folder + "/nginx.conf test is successful\n"));
        assertThat(folder.resolve("nginx.pid")).doesNotExist();
    }

    @Test
    void quietTestSaysNothing() {
        assertThat(server.http(ONE).run("-tq")).isEqualTo(new Outcome(0, "", ""));
    }

    @Test
    void testTellsTheErrorWithItsPlace() {
        Outcome outcome = server.http("    servr {}\n").run("-t", "-q");

        assertThat(outcome)
                .isEqualTo(new Outcome(
                        1,
                        "",
                        "nginx: [emerg] unknown directive \"servr\" in " + folder + "/nginx.conf:7\n"
                                + "    7 |     servr {}\n"
                                + "      |     ^^^^^ did you mean \"server\"?\n"
                                + "nginx: configuration file " + folder + "/nginx.conf test failed\n"));
        assertThat(server.log()).contains("[emerg]");
    }

    @Test
    void testDoesNotMindAPortInUse() {
        server.http(ONE).start();
        assertThat(server.run("-t").exit()).isZero();
    }

    @Test
    void testTellsOfAPidFileThatCannotBe() {
        Outcome outcome = server.conf("pid none/a.pid; events {}").run("-t");

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err())
                .isEqualTo("nginx: the configuration file X/nginx.conf syntax is ok\n".replace("X", folder.toString())
                        + "nginx: [emerg] open() \"" + folder + "/none/a.pid\" failed (2: No such file or directory)\n"
                        + "nginx: configuration file " + folder + "/nginx.conf test failed\n");
    }

    @Test
    void aServerThatCouldTellNobodyOfErrorsDoesNotStart() {
        String open = "open() \"" + folder + "/none/a.log\" failed (2: No such file or directory)\n";
        String alert = "nginx: [alert] could not open error log file: " + open;
        server.file("nginx.conf", "daemon off;\npid nginx.pid;\nevents {}\n");

        assertThat(server.run("-e", "none/a.log")).isEqualTo(new Outcome(1, "", alert + "nginx: [emerg] " + open));
        assertThat(server.run("-tq", "-e", "none/a.log").exit()).isEqualTo(1);
        server.file("nginx.conf", "pid nginx.pid;\nerror_log error.log;\nevents {}\n");
        assertThat(server.run("-tq", "-e", "none/a.log")).isEqualTo(new Outcome(0, "", alert));
    }

    @Test
    void dumpShowsEveryFileOnceAndExactly() {
        server.file("a.inc", "# no line feed at the end");
        String conf = "pid nginx.pid;\nevents {}\ninclude a.inc;\ninclude a.inc;\n";

        Outcome outcome = server.file("nginx.conf", conf).run("-T");

        assertThat(outcome.out())
                .isEqualTo("# configuration file " + folder + "/nginx.conf:\n" + conf + "\n" + "# configuration file "
                        + folder + "/a.inc:\n# no line feed at the end\n");
        assertThat(outcome.err()).endsWith("test is successful\n");
        assertThat(outcome.exit()).isZero();
    }

    @Test
    void dumpShowsNothingOfABadConfiguration() {
        Outcome outcome = server.conf("events {}\ninclude missing.inc;\n").run("-T");

        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err())
                .startsWith("nginx: [emerg] open() \"" + folder
                        + "/missing.inc\" failed (2: No such file or directory) in " + folder + "/nginx.conf:2\n")
                .endsWith("nginx: configuration file " + folder + "/nginx.conf test failed\n");
        assertThat(outcome.exit()).isEqualTo(1);
    }

    @Test
    void anEventsBlockIsNeeded() {
        Outcome outcome = server.conf("http {}\n").run("-t");

        assertThat(outcome.err())
                .isEqualTo("nginx: [emerg] no \"events\" section in configuration\n" + "nginx: configuration file "
                        + folder + "/nginx.conf test failed\n");
    }

    @Test
    void globalDirectivesStandInTheCommandLineToo() {
        server.conf("events {}\n");

        assertThat(server.run("-t", "-g", "pid a.pid; daemon off;").exit()).isZero();
        Outcome bad = server.run("-t", "-g", "nonsense on;");
        assertThat(bad.err()).startsWith("nginx: [emerg] unknown directive \"nonsense\" in command line\n");
        Outcome twice = server.conf("pid b.pid;\nevents {}\n").run("-t", "-g", "pid a.pid;");
        assertThat(twice.err())
                .startsWith("nginx: [emerg] \"pid\" directive is duplicate in " + folder + "/nginx.conf:1\n");
    }

    @ParameterizedTest
    @CsvSource({
        "stop, 15, SIGTERM",
        "quit, 3, SIGQUIT",
    })
    void theRunningServerIsToldToEnd(String word, int number, String name) {
        server.http(ONE).start();

        assertThat(server.run("-s", word)).isEqualTo(new Outcome(0, "", ""));

        assertThat(server.awaitExit()).isZero();
        assertThat(server.log())
                .contains("signal process started")
                .contains("signal " + number + " (" + name + ") received from ");
    }

    @Test
    void theRunningServerIsToldToReloadAndReopen() throws Exception {
        server.http(ONE).start();
        server.http(ONE.replace("one", "two"));

        assertThat(server.run("-s", "reload").exit()).isZero();
        server.awaitLog("exited with code 0");
        assertThat(server.get()).endsWith("two");
        assertThat(server.run("-sreopen").exit()).isZero();
        server.awaitLog("reopening logs");
    }

    @Test
    void nobodyIsThereToBeTold() {
        Outcome outcome = server.http(ONE).run("-s", "reload");
        assertThat(outcome)
                .isEqualTo(new Outcome(
                        1,
                        "",
                        "nginx: [error] open() \"" + folder + "/nginx.pid\" failed (2: No such file or directory)\n"));

        server.file("nginx.pid", "");
        assertThat(server.run("-s", "stop").err())
                .isEqualTo("nginx: [error] invalid PID number \"\" in \"" + folder + "/nginx.pid\"\n");

        server.file("nginx.pid", "2147483646\n");
        Outcome dead = server.run("-s", "quit");
        assertThat(dead.err()).isEqualTo("nginx: [alert] kill(2147483646, 3) failed (3: No such process)\n");
        assertThat(dead.exit()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-x        | invalid option: \"x\"",
                "nonsense  | invalid option: \"nonsense\"",
                "-tx       | invalid option: \"x\"",
                "-c        | option \"-c\" requires file name",
                "-p        | option \"-p\" requires directory name",
                "-e        | option \"-e\" requires file name",
                "-g        | option \"-g\" requires parameter",
                "-s        | option \"-s\" requires parameter",
                "-srestart | invalid option: \"-s restart\"",
            })
    void whatIsNoOptionIsRefused(String word, String message) {
        assertThat(server.runOnly(word)).isEqualTo(new Outcome(1, "", "nginx: " + message + "\n"));
    }

    @Test
    void everyCommandTellsHowItIsUsed() {
        for (String command : java.util.List.of("up", "init", "trust", "echo", "explain")) {
            Outcome help = server.runOnly(command, "--help");
            assertThat(help.exit()).as(command).isZero();
            assertThat(help.err()).isEmpty();
            assertThat(help.out()).startsWithIgnoringCase("usage: gatehouse " + command);
            assertThat(help.out().lines()).allMatch(line -> line.length() <= 100);
            assertThat(server.runOnly(command, "-h")).isEqualTo(help);
        }
    }

    @Test
    void helpNamesEveryOption() {
        Outcome help = server.runOnly("-h");

        assertThat(help.exit()).isZero();
        assertThat(help.out()).isEmpty();
        assertThat(help.err()).startsWith("nginx version: nginx/1.31.5").contains("-s signal", "-T ", "gatehouse up");
        assertThat(server.runOnly("-?")).isEqualTo(help);
        assertThat(server.runOnly("--help")).isEqualTo(help);
        assertThat(server.runOnly("help")).isEqualTo(help);
        assertThat(server.runOnly("--version").err())
                .isEqualTo(server.runOnly("-v").err())
                .startsWith("nginx version: ");
    }
}
