package io.gatehouse.module.process;

import static io.gatehouse.config.directive.Context.EVENTS;
import static io.gatehouse.config.directive.Context.MAIN;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.build.Module;
import io.gatehouse.config.directive.Arguments;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Context;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Standing;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.text.Ascii;
import java.nio.file.Path;
import java.util.List;

/** What the process itself is told: nginx's directives of the main and the events level. */
public final class ProcessModule implements Module {
    private static final String ONE_PROCESS = "there is one process, and each worker is a thread of it";

    /** {@code daemon}. */
    public static final Directive<Boolean> DAEMON = directive("daemon")
            .in(MAIN)
            .takes(Arguments.FLAG)
            .byDefault(true, "on")
            .syntax("on | off")
            .says("Sets whether the server goes to the background once it listens.")
            .example("daemon off;");

    /** {@code pid}. */
    public static final Directive<Path> PID = directive("pid")
            .in(MAIN)
            .takes(Arguments.PREFIX_PATH)
            .syntax("file")
            .says("Sets the file that holds the number of the process; it is written once every address is listened"
                    + " on.")
            .example("pid /run/gatehouse.pid;");

    /** {@code worker_processes}: the number of event loops; 0 for one each processor. */
    public static final Directive<Integer> WORKER_PROCESSES = directive("worker_processes")
            .in(MAIN)
            .takes(use -> {
                if (use.text(0).equals("auto")) {
                    return 0;
                }
                Word word = use.arguments().get(0);
                long number = Ascii.decimal(word.text());
                if (number <= 0 || number > 1024) {
                    throw Arguments.invalid(
                            use, "invalid value", word, "expected a number of workers from 1 to 1024, or auto");
                }
                return (int) number;
            })
            .byDefault(1, "1")
            .syntax("number | auto")
            .standing(Standing.EXTENDED, "workers are event loops, each with a thread of its own, in one process")
            .says("Sets the number of workers.")
            .example("worker_processes auto;");

    /** {@code worker_shutdown_timeout}: milliseconds; 0 for no limit. */
    public static final Directive<Long> WORKER_SHUTDOWN_TIMEOUT = directive("worker_shutdown_timeout")
            .in(MAIN)
            .takes(Arguments.MILLIS)
            .byDefault(0L, "0")
            .syntax("time")
            .says("Sets how long what is under way may go on after a reload or a graceful stop; then its connections"
                    + " are closed.")
            .example("worker_shutdown_timeout 10m;");

    static final Directive<Path> WORKING_DIRECTORY = directive("working_directory")
            .in(MAIN)
            .takes(Arguments.PREFIX_PATH)
            .syntax("directory")
            .standing(Standing.WITHOUT_EFFECT, "relative paths are under the prefix anyway")
            .says("Accepted so that files which have it work.")
            .example("working_directory /tmp;");

    @Override
    public String name() {
        return "process";
    }

    @Override
    public List<Directive<?>> directives() {
        return List.of(
                DAEMON,
                PID,
                WORKER_PROCESSES,
                WORKER_SHUTDOWN_TIMEOUT,
                UserDirective.USER,
                WORKING_DIRECTORY,
                ignored("master_process", ONE_PROCESS, "on", MAIN),
                ignored("timer_resolution", "time is read once for each turn of a loop", "100ms", MAIN),
                ignored("lock_file", ONE_PROCESS, "logs/nginx.lock", MAIN),
                ignored("debug_points", "it is for debugging nginx itself", "abort", MAIN),
                ignored("worker_priority", ONE_PROCESS, "0", MAIN),
                ignored(
                        "worker_rlimit_nofile",
                        "the virtual machine raises the limit to the hard one by itself",
                        "65535",
                        MAIN),
                ignored("worker_rlimit_core", "a JVM writes no core files of workers", "500M", MAIN),
                ignored(
                        "worker_connections",
                        "connections are limited by the memory and files that the system allows",
                        "1024",
                        EVENTS),
                ignored("pcre_jit", "patterns are compiled by Java's own engine", "on", MAIN),
                ignored("epoll_events", "how many events a turn of a loop takes is not set", "512", EVENTS),
                ignored("worker_aio_requests", "files are not read by the kernel's AIO", "32", EVENTS),
                many(
                        "thread_pool",
                        "the threads that read files are few and need no setting",
                        "default threads=32",
                        MAIN),
                ignored("use", "epoll is used where there is one", "epoll", EVENTS),
                ignored("multi_accept", "each worker takes what is there", "on", EVENTS),
                ignored("accept_mutex", "each worker takes connections by itself", "off", EVENTS),
                ignored("accept_mutex_delay", "each worker takes connections by itself", "500ms", EVENTS),
                many("worker_cpu_affinity", ONE_PROCESS, "auto", MAIN),
                many("env", "the environment is not passed on to anybody", "PATH", MAIN));
    }

    private static Directive<Boolean> ignored(String name, String why, String example, Context where) {
        return directive(name)
                .in(where)
                .takes(Arguments.ignoredLike(example))
                .standing(Standing.WITHOUT_EFFECT, why)
                .says("Accepted so that files which have it work.")
                .example(name + " " + example + ";");
    }

    private static Directive<List<Boolean>> many(String name, String why, String example, Context where) {
        return directive(name)
                .in(where)
                .takesEach(Arity.AT_LEAST_ONE, Arguments.IGNORED)
                .standing(Standing.WITHOUT_EFFECT, why)
                .says("Accepted so that files which have it work.")
                .example(name + " " + example + ";");
    }
}
