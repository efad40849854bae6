package io.gatehouse.module.accesslog;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.LIMIT_EXCEPT;
import static io.gatehouse.config.directive.Context.LOCATION;
import static io.gatehouse.config.directive.Context.LOCATION_IF;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.build.Module;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.CacheArguments;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Inheritance;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Template;
import io.gatehouse.module.accesslog.LogFormat.Escaping;
import io.gatehouse.observe.log.AccessLogSpec;
import io.gatehouse.observe.log.InvalidLogArgument;
import io.gatehouse.observe.log.LogLease;
import io.gatehouse.observe.log.LogOpenException;
import io.gatehouse.observe.log.LogTarget;
import io.gatehouse.observe.log.Logs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code access_log} and {@code log_format}. */
public final class AccessLogModule implements Module {
    private static final String COMBINED =
            "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent"
                    + " \"$http_referer\" \"$http_user_agent\"";
    private static final String DEFAULT_PATH = "logs/access.log";

    /** The formats of one configuration, by name. */
    private static final class Formats {
        final Map<String, LogFormat> named = new HashMap<>();
    }

    /** How each file is buffered, by path: those who write to one have one buffer. */
    private static final class Buffers {
        final Map<String, Buffering> ofFiles = new HashMap<>();
    }

    private record Buffering(int bytes, long flushMillis, int gzip) {}

    /** One line of {@code access_log}; its format is looked up when the file is read. */
    private static final class Line {
        @Nullable
        LogFormat format;

        @Nullable
        LineTarget target;

        @Nullable
        Template condition;
    }

    private static final Directive<List<Boolean>> LOG_FORMAT = directive("log_format")
            .in(HTTP)
            .takesEach(new Arity(2, Arity.MANY), AccessLogModule::readFormat)
            .inherits(Inheritance.NONE)
            .syntax("name [escape=default | json | none] string ...")
            .says("Names a format of lines for access_log.")
            .example("log_format timed '$remote_addr \"$request\" $status $request_time';");

    private static final Directive<List<Line>> ACCESS_LOG = directive("access_log")
            .in(HTTP, SERVER, LOCATION, LOCATION_IF, LIMIT_EXCEPT)
            .takesEach(Arity.AT_LEAST_ONE, AccessLogModule::readLine)
            .syntax("path [format [buffer=size] [gzip[=level]] [flush=time] [if=condition]] |"
                    + " syslog:server=address[,parameter=value] [format [if=condition]] | off")
            .says("Sets where a line for each request is written, and in which format.")
            .example("access_log /var/log/gatehouse/access.log combined buffer=32k flush=5s;");

    private static final Directive<OpenLogs> OPEN_LOG_FILE_CACHE = directive("open_log_file_cache")
            .in(HTTP, SERVER, LOCATION)
            .takes(new Arity(1, 4), AccessLogModule::readCache)
            .syntax("off | max=N [inactive=time] [min_uses=N] [valid=time]")
            .says("Sets how many log files whose names have variables stay open: those that were written to min_uses"
                    + " (1) times within inactive (10 s). After valid (60 s) the name is opened anew. Without it"
                    + " such a file is opened and closed for each line.")
            .example("open_log_file_cache max=1000 inactive=20s valid=1m min_uses=2;");

    @Override
    public String name() {
        return "access_log";
    }

    @Override
    public List<Directive<?>> directives() {
        return List.of(LOG_FORMAT, ACCESS_LOG, OPEN_LOG_FILE_CACHE);
    }

    @Override
    public void build(LocationBuild place) {
        List<Line> lines = place.find(ACCESS_LOG);
        if (lines == null) {
            Line byDefault = place.shared(Default.class, () -> new Default(defaultLine(place)))
                    .line();
            lines = byDefault.target == null ? List.of() : List.of(byDefault);
        }
        OpenLogs open = place.find(OPEN_LOG_FILE_CACHE);
        List<LineWriter> writers = new ArrayList<>();
        for (Line line : lines) {
            if (line.target != null) {
                LineTarget target = open == null ? line.target : line.target.with(open);
                writers.add(new LineWriter(Objects.requireNonNull(line.format), target, line.condition));
            }
        }
        boolean off = lines.stream().anyMatch(line -> line.target == null);
        if (!off && !writers.isEmpty()) {
            place.log(new AccessLogHandler(writers.toArray(new LineWriter[0])));
        }
    }

    /** What is written where a configuration says nothing. */
    private record Default(Line line) {}

    private static Line defaultLine(LocationBuild place) {
        Line line = new Line();
        String path = Exchange.octets(place.paths().underPrefix(DEFAULT_PATH).toString());
        try {
            line.target = new LineTarget.OfFile(place.service(LogLease.class).file(path));
        } catch (LogOpenException e) {
            throw io.gatehouse.config.syntax.ConfigException.of(String.valueOf(e.getMessage()));
        }
        line.format = format(place.template(COMBINED));
        return line;
    }

    private static OpenLogs readCache(Use use) {
        OpenLogs open = new OpenLogs(use.service(Logs.class).files(), CacheArguments.ofOpened(use));
        use.whenOver(open::end);
        return open;
    }

    private static Boolean readFormat(Use use) {
        String name = use.text(0);
        Formats formats = use.shared(Formats.class, Formats::new);
        if (name.equals("combined") || formats.named.containsKey(name)) {
            throw use.error(
                    "duplicate \"log_format\" name \"" + name + "\"",
                    use.arguments().get(0));
        }
        Escaping escaping = Escaping.DEFAULT;
        int first = 1;
        String text = use.text(1);
        if (text.startsWith("escape=")) {
            escaping = switch (text.substring(7)) {
                case "default" -> Escaping.DEFAULT;
                case "json" -> Escaping.JSON;
                case "none" -> Escaping.NONE;
                default ->
                    throw use.error(
                            "unknown log format escaping \"" + text.substring(7) + "\"",
                            use.arguments().get(1),
                            "expected one of: default, json, none");
            };
            first = 2;
        }
        List<Template.Part> parts = new ArrayList<>();
        for (Word word : use.arguments().subList(first, use.count())) {
            parts.addAll(use.template(word).parts());
        }
        formats.named.put(name, new LogFormat(parts.toArray(new Template.Part[0]), escaping));
        return true;
    }

    private static Line readLine(Use use) {
        Line line = new Line();
        AccessLogSpec spec;
        try {
            spec = AccessLogSpec.parse(use.arguments().stream().map(Word::text).toList());
            if (spec.target() == null) {
                return line;
            }
            line.target = open(use, spec, spec.target());
        } catch (InvalidLogArgument e) {
            throw use.error(String.valueOf(e.getMessage()), use.arguments().get(e.index()));
        } catch (LogOpenException e) {
            throw use.error(String.valueOf(e.getMessage()), use.arguments().get(0));
        }
        if (spec.condition() != null) {
            Word word = use.arguments().stream()
                    .filter(w -> w.text().startsWith("if="))
                    .findFirst()
                    .orElseThrow();
            line.condition = use.template(new Word(spec.condition(), word.at(), word.quote(), word.rawLength()));
        }
        Formats formats = use.shared(Formats.class, Formats::new);
        LogFormat format = formats.named.get(spec.format());
        if (format == null && spec.format().equals("combined")) {
            Word name = use.node().word();
            format = format(use.template(new Word(COMBINED, name.at(), name.quote(), name.rawLength())));
        }
        if (format == null) {
            throw use.error(
                    "unknown log format \"" + spec.format() + "\"",
                    use.arguments().get(1),
                    "a log_format of that name must stand before it");
        }
        line.format = format;
        return line;
    }

    private static LogFormat format(Template template) {
        return new LogFormat(template.parts().toArray(new Template.Part[0]), Escaping.DEFAULT);
    }

    private static LineTarget open(Use use, AccessLogSpec spec, LogTarget target) throws LogOpenException {
        LogLease lease = use.service(LogLease.class);
        return switch (target) {
            case LogTarget.Syslog syslog -> new LineTarget.OfSyslog(lease.syslog(syslog.spec()));
            case LogTarget.File file
            when file.hasVariables() ->
                new LineTarget.Named(
                        use.template(use.arguments().get(0)),
                        path -> Exchange.octets(use.prefixPath(path).toString()),
                        new OpenLogs(use.service(Logs.class).files(), null));
            case LogTarget.File file -> {
                String path = Exchange.octets(use.prefixPath(file.path()).toString());
                if (spec.bufferBytes() == 0) {
                    yield new LineTarget.OfFile(lease.file(path));
                }
                Buffering said = new Buffering(spec.bufferBytes(), spec.flushMillis(), spec.gzip());
                Buffering before =
                        use.shared(Buffers.class, Buffers::new).ofFiles.putIfAbsent(path, said);
                if (before != null && !before.equals(said)) {
                    throw use.error(
                            "access_log \"" + use.text(0) + "\" already defined with conflicting parameters",
                            use.arguments().get(0),
                            "a file has one buffer: buffer=, flush= and gzip= must be the same everywhere");
                }
                yield new LineTarget.OfBuffer(
                        lease.buffered(path, spec.bufferBytes(), spec.flushMillis(), spec.gzip()));
            }
            default -> throw new IllegalStateException("access_log to " + target);
        };
    }
}
