package io.gatehouse.module.core;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.LOCATION;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.directive.Arguments;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Scope;
import io.gatehouse.config.directive.Standing;
import io.gatehouse.config.syntax.ConfigException;
import io.gatehouse.exchange.CoreSettings.BodyInFile;
import io.gatehouse.exchange.ServerSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** How requests and their bodies are read. */
final class RequestDirectives {
    private RequestDirectives() {}

    /** {@code number size}. */
    record Buffers(int count, int size) {}

    static final Directive<Integer> CLIENT_HEADER_BUFFER_SIZE = directive("client_header_buffer_size")
            .in(HTTP, SERVER)
            .takes(Arguments.SIZE)
            .byDefault(1024, "1k")
            .syntax("size")
            .says("Sets the size of the buffer into which a request's head is read at first; a larger head takes"
                    + " large_client_header_buffers.")
            .example("client_header_buffer_size 1k;");

    static final Directive<Buffers> LARGE_CLIENT_HEADER_BUFFERS = directive("large_client_header_buffers")
            .in(HTTP, SERVER)
            .takes(new Arity(2, 2), use -> {
                int count = Arguments.number(use, use.arguments().get(0));
                int size = Arguments.size(use, use.arguments().get(1));
                if (count == 0 || size == 0) {
                    throw use.error(
                            "\"large_client_header_buffers\" directive invalid value",
                            use.arguments().get(count == 0 ? 0 : 1));
                }
                return new Buffers(count, size);
            })
            .byDefault(new Buffers(4, 8192), "4 8k")
            .syntax("number size")
            .says("Sets how many buffers of which size a large head may take: a request line longer than one buffer"
                    + " is answered 414, a field longer than one 400.")
            .example("large_client_header_buffers 4 16k;");

    static final Directive<Long> CLIENT_HEADER_TIMEOUT = directive("client_header_timeout")
            .in(HTTP, SERVER)
            .takes(Arguments.MILLIS)
            .byDefault(60_000L, "60s")
            .syntax("time")
            .says("Sets the time within which a client must have sent the whole head; else it is answered 408.")
            .example("client_header_timeout 20s;");

    static final Directive<Integer> MAX_HEADERS = directive("max_headers")
            .in(HTTP, SERVER)
            .takes(Arguments.NUMBER)
            .byDefault(1000, "1000")
            .syntax("number")
            .says("Sets how many fields a head may have; more are answered 400.")
            .example("max_headers 100;");

    static final Directive<Boolean> IGNORE_INVALID_HEADERS = directive("ignore_invalid_headers")
            .in(HTTP, SERVER)
            .takes(Arguments.FLAG)
            .byDefault(true, "on")
            .syntax("on | off")
            .says("Sets whether fields with characters that a name may not have are left out.")
            .example("ignore_invalid_headers off;");

    static final Directive<Boolean> UNDERSCORES_IN_HEADERS = directive("underscores_in_headers")
            .in(HTTP, SERVER)
            .takes(Arguments.FLAG)
            .byDefault(false, "off")
            .syntax("on | off")
            .says("Sets whether a field's name may have underscores; without it such fields count as invalid.")
            .example("underscores_in_headers on;");

    static final Directive<Boolean> MERGE_SLASHES = directive("merge_slashes")
            .in(HTTP, SERVER)
            .takes(Arguments.FLAG)
            .byDefault(true, "on")
            .syntax("on | off")
            .says("Sets whether several slashes in a row in a URI count as one.")
            .example("merge_slashes off;");

    static final Directive<Integer> CONNECTION_POOL_SIZE = directive("connection_pool_size")
            .in(HTTP, SERVER)
            .takes(Arguments.SIZE)
            .byDefault(512, "512")
            .syntax("size")
            .standing(Standing.WITHOUT_EFFECT, "memory is not taken from pools of a fixed size")
            .says("Accepted so that files which have it work.")
            .example("connection_pool_size 512;");

    static final Directive<Integer> REQUEST_POOL_SIZE = directive("request_pool_size")
            .in(HTTP, SERVER)
            .takes(Arguments.SIZE)
            .byDefault(4096, "4k")
            .syntax("size")
            .standing(Standing.WITHOUT_EFFECT, "memory is not taken from pools of a fixed size")
            .says("Accepted so that files which have it work.")
            .example("request_pool_size 4k;");

    static final Directive<Long> CLIENT_MAX_BODY_SIZE = directive("client_max_body_size")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.OFFSET)
            .byDefault(1024L * 1024, "1m")
            .syntax("size")
            .says("Sets the largest request body that is accepted; a larger one is answered 413. 0 removes the limit.")
            .example("client_max_body_size 100m;");

    static final Directive<Integer> CLIENT_BODY_BUFFER_SIZE = directive("client_body_buffer_size")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.SIZE)
            .byDefault(8192, "8k")
            .syntax("size")
            .says("Sets how much of a request's body is kept in memory; a larger one goes to a temporary file.")
            .example("client_body_buffer_size 128k;");

    static final Directive<Long> CLIENT_BODY_TIMEOUT = directive("client_body_timeout")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.MILLIS)
            .byDefault(60_000L, "60s")
            .syntax("time")
            .says("Sets how long a client may send nothing of the body it has announced; then it is answered 408.")
            .example("client_body_timeout 30s;");

    static final Directive<Path> CLIENT_BODY_TEMP_PATH = directive("client_body_temp_path")
            .in(HTTP, SERVER, LOCATION)
            .takes(new Arity(1, 4), Arguments.TEMP_PATH)
            .syntax("path [level1 [level2 [level3]]]")
            .standing(Standing.EXTENDED, "files lie in the folder itself, so that levels have no effect")
            .says("Sets the folder for request bodies that do not fit into memory.")
            .example("client_body_temp_path /var/cache/gatehouse/body;");

    static final Directive<BodyInFile> CLIENT_BODY_IN_FILE_ONLY = directive("client_body_in_file_only")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.oneOf(Map.of("on", BodyInFile.ON, "off", BodyInFile.OFF, "clean", BodyInFile.CLEAN)))
            .byDefault(BodyInFile.OFF, "off")
            .syntax("on | clean | off")
            .says("Sets whether every request body is written to a file; with \"on\" the file stays.")
            .example("client_body_in_file_only clean;");

    static final Directive<Boolean> CLIENT_BODY_IN_SINGLE_BUFFER = directive("client_body_in_single_buffer")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.FLAG)
            .byDefault(false, "off")
            .syntax("on | off")
            .standing(Standing.WITHOUT_EFFECT, "a body in memory is always one buffer")
            .says("Accepted so that files which have it work.")
            .example("client_body_in_single_buffer on;");

    static final List<Directive<?>> ALL = List.of(
            CLIENT_HEADER_BUFFER_SIZE,
            LARGE_CLIENT_HEADER_BUFFERS,
            CLIENT_HEADER_TIMEOUT,
            MAX_HEADERS,
            IGNORE_INVALID_HEADERS,
            UNDERSCORES_IN_HEADERS,
            MERGE_SLASHES,
            CONNECTION_POOL_SIZE,
            REQUEST_POOL_SIZE,
            CLIENT_MAX_BODY_SIZE,
            CLIENT_BODY_BUFFER_SIZE,
            CLIENT_BODY_TIMEOUT,
            CLIENT_BODY_TEMP_PATH,
            CLIENT_BODY_IN_FILE_ONLY,
            CLIENT_BODY_IN_SINGLE_BUFFER);

    static ServerSettings serverSettings(Scope server) {
        Buffers large = server.get(LARGE_CLIENT_HEADER_BUFFERS);
        if (large.size() < server.get(CONNECTION_POOL_SIZE)) {
            throw ConfigException.at(
                    Objects.requireNonNull(server.node()),
                    "the \"large_client_header_buffers\" size must be equal to or greater than"
                            + " \"connection_pool_size\"");
        }
        return new ServerSettings(
                server.get(CLIENT_HEADER_BUFFER_SIZE),
                large.count(),
                large.size(),
                server.get(CLIENT_HEADER_TIMEOUT),
                server.get(MAX_HEADERS),
                server.get(IGNORE_INVALID_HEADERS),
                server.get(UNDERSCORES_IN_HEADERS),
                server.get(MERGE_SLASHES));
    }
}
