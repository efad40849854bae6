package io.gatehouse.module.core;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.LOCATION;
import static io.gatehouse.config.directive.Context.MAIN;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.directive.Arguments;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Scope;
import io.gatehouse.config.directive.Standing;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Template;
import io.gatehouse.observe.log.ErrorLog;
import io.gatehouse.observe.log.ErrorLogSpec;
import io.gatehouse.observe.log.InvalidLogArgument;
import io.gatehouse.observe.log.LogLease;
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
            .syntax("file | stderr | syslog:server=address[,parameter=value] | memory:size [debug | info | notice |"
                    + " warn | error | crit | alert | emerg]")
            .says("Sets where messages go and from which level on; several lines of one level each get them.")
            .example("error_log /var/log/gatehouse/error.log warn;");

    static final Directive<Template> ERROR_LOG_URI = directive("error_log_uri")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.TEMPLATE)
            .standing(Standing.OWN, "A URI may carry secrets, and messages show it.")
            .says("Sets what stands for the request's URI in messages of the error log, in the address of the upstream"
                    + " too; a referrer is then left out.")
            .example("error_log_uri $uri;");

    private ErrorLogDirective() {}

    /** The error log in force at a level; {@code byDefault} if nobody says one. */
    public static ErrorLog of(Scope scope, ErrorLog byDefault) {
        List<Line> lines = scope.find(ERROR_LOG);
        if (lines == null) {
            return byDefault;
        }
        return lines.getFirst().logs().errorLog(lines.stream().map(Line::entry).toList());
    }

    /** Whether this scope, or one around it, says where errors go. */
    public static boolean isSaid(Scope scope) {
        return scope.find(ERROR_LOG) != null;
    }

    private static Line read(Use use) {
        try {
            ErrorLogSpec spec =
                    ErrorLogSpec.parse(use.arguments().stream().map(Word::text).toList());
            // opened now, so that what fails is told with its place
            ErrorLog opened = use.service(LogLease.class)
                    .errorLog(
                            List.of(spec),
                            path -> Exchange.octets(use.prefixPath(path).toString()));
            return new Line(opened.entries().getFirst(), use.service(Logs.class));
        } catch (InvalidLogArgument e) {
            throw use.error(String.valueOf(e.getMessage()), use.arguments().get(e.index()));
        } catch (LogOpenException e) {
            throw use.error(String.valueOf(e.getMessage()), use.arguments().get(0));
        }
    }
}
