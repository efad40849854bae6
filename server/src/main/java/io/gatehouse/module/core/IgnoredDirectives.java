package io.gatehouse.module.core;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.LOCATION;
import static io.gatehouse.config.directive.Context.LOCATION_IF;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.directive.Arguments;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Context;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Standing;
import java.util.List;

/** Directives of nginx's core that tune what does not exist here. They are accepted, so that files that have them work. */
final class IgnoredDirectives {
    private IgnoredDirectives() {}

    private static final String TABLES = "tables are sized by themselves";
    private static final String FILES = "files are sent by the kernel where it can, read otherwise";

    static final List<Directive<?>> ALL = List.of(
            ignored("variables_hash_max_size", TABLES, "1024", HTTP),
            ignored("variables_hash_bucket_size", TABLES, "64", HTTP),
            ignored("server_names_hash_max_size", TABLES, "512", HTTP),
            ignored("server_names_hash_bucket_size", TABLES, "64", HTTP),
            ignored("types_hash_max_size", TABLES, "1024", HTTP, SERVER, LOCATION),
            ignored("types_hash_bucket_size", TABLES, "64", HTTP, SERVER, LOCATION),
            flag("sendfile", FILES, HTTP, SERVER, LOCATION, LOCATION_IF),
            ignored("sendfile_max_chunk", FILES, "2m", HTTP, SERVER, LOCATION),
            ignored("aio", FILES, "threads", HTTP, SERVER, LOCATION),
            flag("aio_write", FILES, HTTP, SERVER, LOCATION),
            ignored("read_ahead", FILES, "0", HTTP, SERVER, LOCATION),
            ignored("directio", FILES, "4m", HTTP, SERVER, LOCATION),
            ignored("directio_alignment", FILES, "512", HTTP, SERVER, LOCATION),
            flag("tcp_nopush", "heads and bodies are sent together anyway", HTTP, SERVER, LOCATION),
            ignored("send_lowat", "the kernel tells when it takes more", "0", HTTP, SERVER, LOCATION),
            ignored("postpone_output", "answers are sent as they are ready", "1460", HTTP, SERVER, LOCATION),
            directive("output_buffers")
                    .in(HTTP, SERVER, LOCATION)
                    .takes(new Arity(2, 2), Arguments.IGNORED)
                    .standing(Standing.WITHOUT_EFFECT, FILES)
                    .says("Accepted so that files which have it work.")
                    .example("output_buffers 2 32k;"),
            ignored(
                    "subrequest_output_buffer_size",
                    "the answers of subrequests are buffered as they come",
                    "4k",
                    HTTP,
                    SERVER,
                    LOCATION),
            unspoken("fastcgi_temp_path"),
            unspoken("uwsgi_temp_path"),
            unspoken("scgi_temp_path"),
            directive("open_file_cache")
                    .in(HTTP, SERVER, LOCATION)
                    .takes(new Arity(1, 2), Arguments.IGNORED)
                    .standing(Standing.WITHOUT_EFFECT, "the system's own cache of names and files is used")
                    .says("Accepted so that files which have it work.")
                    .example("open_file_cache max=1000 inactive=20s;"),
            ignored("open_file_cache_valid", "there is no such cache", "60s", HTTP, SERVER, LOCATION),
            ignored("open_file_cache_min_uses", "there is no such cache", "1", HTTP, SERVER, LOCATION),
            flag("open_file_cache_errors", "there is no such cache", HTTP, SERVER, LOCATION),
            flag("open_file_cache_events", "there is no such cache", HTTP, SERVER, LOCATION));

    private static Directive<Boolean> ignored(String name, String why, String example, Context... where) {
        return directive(name)
                .in(where)
                .takes(Arguments.ignoredLike(example))
                .standing(Standing.WITHOUT_EFFECT, why)
                .says("Accepted so that files which have it work.")
                .example(name + " " + example + ";");
    }

    private static Directive<Boolean> unspoken(String name) {
        return directive(name)
                .in(HTTP, SERVER, LOCATION)
                .takes(new Arity(1, 4), Arguments.IGNORED)
                .standing(Standing.WITHOUT_EFFECT, "it names a folder for a protocol that is not spoken")
                .says("Accepted so that files which have it work.")
                .example(name + " /var/cache/nginx/temp;");
    }

    private static Directive<Boolean> flag(String name, String why, Context... where) {
        return directive(name)
                .in(where)
                .takes(Arguments.FLAG)
                .syntax("on | off")
                .standing(Standing.WITHOUT_EFFECT, why)
                .says("Accepted so that files which have it work.")
                .example(name + " on;");
    }
}
