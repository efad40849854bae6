package io.gatehouse.module.proxy;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.LOCATION;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.directive.Arguments;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Scope;
import io.gatehouse.config.directive.Standing;
import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.config.syntax.Node;
import io.gatehouse.exchange.Template;
import java.nio.file.Path;
import java.util.List;

/** How much of an answer is held while the client is slower than the application. */
final class BufferDirectives {
    private BufferDirectives() {}

    /** {@code proxy_buffers}: so many of that size. */
    record Buffers(int count, int size) {
        long total() {
            return (long) count * size;
        }
    }

    static final Directive<Boolean> BUFFERING = directive("proxy_buffering")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.FLAG)
            .byDefault(true, "on")
            .syntax("on | off")
            .says("Sets whether an application may get rid of its answer faster than the client takes it;"
                    + " X-Accel-Buffering of an answer decides otherwise for it.")
            .example("proxy_buffering off;");

    static final Directive<Integer> BUFFER_SIZE = directive("proxy_buffer_size")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.SIZE)
            .byDefault(4096, "4k")
            .syntax("size")
            .says("Sets how large the head of an application's answer may be.")
            .example("proxy_buffer_size 16k;");

    static final Directive<Buffers> BUFFERS = directive("proxy_buffers")
            .in(HTTP, SERVER, LOCATION)
            .takes(new Arity(2, 2), use -> {
                int count = Arguments.number(use, use.arguments().get(0));
                int size = Arguments.size(use, use.arguments().get(1));
                if (count == 0 || size == 0) {
                    throw use.error("invalid value", use.arguments().get(count == 0 ? 0 : 1));
                }
                return new Buffers(count, size);
            })
            .byDefault(new Buffers(8, 4096), "8 4k")
            .syntax("number size")
            .standing(
                    Standing.EXTENDED,
                    "what the kernel does not take at once may be somewhat more than this for a moment")
            .says("Sets how much of an answer is held in memory for a client that is slow; more goes to a temporary"
                    + " file.")
            .example("proxy_buffers 8 16k;");

    static final Directive<Integer> BUSY_BUFFERS_SIZE = directive("proxy_busy_buffers_size")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.SIZE)
            .syntax("size")
            .standing(
                    Standing.WITHOUT_EFFECT,
                    "what has arrived is sent at once; the value is only checked as nginx does")
            .says("Accepted so that files which have it work.")
            .example("proxy_busy_buffers_size 8k;");

    static final Directive<Long> MAX_TEMP_FILE_SIZE = directive("proxy_max_temp_file_size")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.OFFSET)
            .byDefault(1L << 30, "1024m")
            .syntax("size")
            .says("Sets how much of an answer may lie in a temporary file while the client is slow; with 0 the"
                    + " application has to wait.")
            .example("proxy_max_temp_file_size 0;");

    static final Directive<Integer> TEMP_FILE_WRITE_SIZE = directive("proxy_temp_file_write_size")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.SIZE)
            .syntax("size")
            .standing(
                    Standing.WITHOUT_EFFECT,
                    "files are written by other threads, in pieces as they arrive; the value is only checked as nginx"
                            + " does")
            .says("Accepted so that files which have it work.")
            .example("proxy_temp_file_write_size 16k;");

    static final Directive<Path> TEMP_PATH = directive("proxy_temp_path")
            .in(HTTP, SERVER, LOCATION)
            .takes(new Arity(1, 4), Arguments.TEMP_PATH)
            .syntax("path [level1 [level2 [level3]]]")
            .standing(Standing.EXTENDED, "files lie in the folder itself, so that levels have no effect")
            .says("Sets the folder for temporary files with parts of answers.")
            .example("proxy_temp_path /var/cache/gatehouse/proxy;");

    static final Directive<Template> LIMIT_RATE = directive("proxy_limit_rate")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.TEMPLATE)
            .syntax("rate")
            .says("Sets how many bytes a second are read of an application's answer, while proxy_buffering is on; 0"
                    + " for no limit.")
            .example("proxy_limit_rate 1m;");

    static final List<Directive<?>> ALL = List.of(
            BUFFERING,
            BUFFER_SIZE,
            BUFFERS,
            BUSY_BUFFERS_SIZE,
            MAX_TEMP_FILE_SIZE,
            TEMP_FILE_WRITE_SIZE,
            TEMP_PATH,
            LIMIT_RATE);

    /** The sizes must fit each other, as nginx wants them. */
    static void check(LocationBuild place) {
        Scope scope = place.scope();
        Buffers buffers = scope.get(BUFFERS);
        if (buffers.count() < 2) {
            throw error(scope, BUFFERS, "there must be at least 2 \"proxy_buffers\"");
        }
        long least = Math.max(scope.get(BUFFER_SIZE), buffers.size());
        Integer busy = scope.find(BUSY_BUFFERS_SIZE);
        long busySize = busy == null ? 2 * least : busy;
        if (busySize < least) {
            throw error(
                    scope,
                    BUSY_BUFFERS_SIZE,
                    "\"proxy_busy_buffers_size\" must be equal to or greater than the maximum of the value of"
                            + " \"proxy_buffer_size\" and one of the \"proxy_buffers\"");
        }
        if (busySize > (buffers.count() - 1L) * buffers.size()) {
            throw error(
                    scope,
                    busy == null ? BUFFER_SIZE : BUSY_BUFFERS_SIZE,
                    "\"proxy_busy_buffers_size\" must be less than the size of all \"proxy_buffers\" minus one buffer");
        }
        Integer write = scope.find(TEMP_FILE_WRITE_SIZE);
        if (write != null && write < least) {
            throw error(
                    scope,
                    TEMP_FILE_WRITE_SIZE,
                    "\"proxy_temp_file_write_size\" must be equal to or greater than the maximum of the value of"
                            + " \"proxy_buffer_size\" and one of the \"proxy_buffers\"");
        }
        long most = scope.get(MAX_TEMP_FILE_SIZE);
        if (most != 0 && most < least) {
            throw error(
                    scope,
                    MAX_TEMP_FILE_SIZE,
                    "\"proxy_max_temp_file_size\" must be equal to zero to disable temporary files usage or must be"
                        + " equal to or greater than the maximum of the value of \"proxy_buffer_size\" and one of the"
                        + " \"proxy_buffers\"");
        }
    }

    private static ConfigException error(Scope scope, Directive<?> directive, String message) {
        for (Scope s = scope; s != null; s = s.parent()) {
            Node use = s.use(directive);
            if (use == null && directive == BUFFER_SIZE) {
                use = s.use(BUFFERS);
            }
            if (use != null) {
                return ConfigException.at(use, message);
            }
        }
        Node block = scope.node();
        return block == null ? ConfigException.of(message) : ConfigException.at(block, message);
    }
}
