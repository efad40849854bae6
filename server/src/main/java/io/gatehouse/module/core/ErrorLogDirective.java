package io.gatehouse.module.core;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.LOCATION;
import static io.gatehouse.config.directive.Context.MAIN;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Scope;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.observe.log.ErrorLog;
import io.gatehouse.observe.log.ErrorLogSpec;
import io.gatehouse.observe.log.InvalidLogArgument;
import io.gatehouse.observe.log.LogOpenException;
import io.gatehouse.observe.log.Logs;
import java.util.List;

/** {@code error_log}. */
public final class ErrorLogDirective {
    /** One line of it: a target and the level down to which it takes messages, opened when it is read. */
    record Line(ErrorLog.Entry entry, Logs logs) {}

    static final Directive<List<Line>> ERROR_LOG = directive("error_log")
            .in(MAIN, HTTP, SERVER, LOCATION)
            .takesEach(Arity.AT_LEAST_ONE, ErrorLogDirective::read)
            .syntax("file | stderr | syslog:server=address[,parameter=value] | memory:size [debug | info | notice | warn | error | crit | alert | emerg]")
            .says("Sets where messages go and from which level on; several lines of one level each get them.")
            .example("error_log /var/log/gatehouse/error.log warn;");

    private ErrorLogDirective() {}

    /** The error log in force at a level; the process's own if nobody says one. */
    public static ErrorLog of(Scope scope) {
        List<Line> lines = scope.find(ERROR_LOG);
        if (lines == null) {
            return Logs.ofProcess();
        }
        return lines.getFirst().logs().errorLog(lines.stream().map(Line::entry).toList());
    }

    private static Line read(Use use) {
        Logs logs = use.service(Logs.class);
        try {
            ErrorLogSpec spec = ErrorLogSpec.parse(use.arguments().stream().map(Word::text).toList());
            Logs.Opened opened = logs.open(spec.target(), use.prefixPath(""));
            use.whenOver(opened.release());
            return new Line(new ErrorLog.Entry(opened.target(), spec.level()), logs);
        } catch (InvalidLogArgument e) {
            throw use.error(String.valueOf(e.getMessage()), use.arguments().get(e.index()));
        } catch (LogOpenException e) {
            throw use.error(String.valueOf(e.getMessage()), use.arguments().get(0));
        }
    }
}
