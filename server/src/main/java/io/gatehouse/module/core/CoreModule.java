package io.gatehouse.module.core;

import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.build.Module;
import io.gatehouse.config.build.Paths;
import io.gatehouse.config.build.TempFolders;
import io.gatehouse.config.build.VariableRegistry;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Scope;
import io.gatehouse.exchange.CoreSettings;
import io.gatehouse.exchange.CoreSettings.ErrorPage;
import io.gatehouse.exchange.Location;
import io.gatehouse.exchange.ServerSettings;
import io.gatehouse.observe.log.ErrorLog;
import java.util.ArrayList;
import java.util.List;

/** nginx's core of HTTP. First in the list of modules: the others find their core settings made. */
public final class CoreModule implements Module {
    private static final String BODY_TEMP_PATH = "client_body_temp";

    @Override
    public String name() {
        return "core";
    }

    @Override
    public List<Directive<?>> directives() {
        List<Directive<?>> all = new ArrayList<>();
        all.addAll(RequestDirectives.ALL);
        all.addAll(ConnectionDirectives.ALL);
        all.addAll(AnswerDirectives.ALL);
        all.addAll(FileDirectives.ALL);
        all.addAll(IgnoredDirectives.ALL);
        all.add(LimitExcept.LIMIT_EXCEPT_BLOCK);
        all.add(ErrorLogDirective.ERROR_LOG);
        all.add(ErrorLogDirective.ERROR_LOG_URI);
        all.add(DebugConnection.DEBUG_CONNECTION);
        return all;
    }

    @Override
    public void variables(VariableRegistry registry) {
        CoreVariables.register(registry);
    }

    /** The settings of heads for one server. */
    public static ServerSettings serverSettings(Scope server) {
        return RequestDirectives.serverSettings(server);
    }

    @Override
    public void build(LocationBuild place) {
        place.core(settings(place));
        LimitExcept.Block except = place.scope().own(LimitExcept.LIMIT_EXCEPT_BLOCK);
        if (except != null) {
            Location other = place.child(Location.Kind.LIMIT_EXCEPT, place.name(), except.scope());
            place.rewrite(new LimitExcept.Switch(except.methods(), other));
        }
    }

    private static CoreSettings settings(LocationBuild place) {
        Scope scope = place.scope();
        FileDirectives.Files files = FileDirectives.Files.of(scope);
        ConnectionDirectives.KeepaliveTimeout keepalive = scope.get(ConnectionDirectives.KEEPALIVE_TIMEOUT);
        Paths paths = place.paths();
        return new CoreSettings(
                scope.get(RequestDirectives.CLIENT_MAX_BODY_SIZE),
                scope.get(RequestDirectives.CLIENT_BODY_BUFFER_SIZE),
                scope.get(RequestDirectives.CLIENT_BODY_TIMEOUT),
                TempFolders.add(
                        place,
                        place.findOr(RequestDirectives.CLIENT_BODY_TEMP_PATH, paths.underPrefix(BODY_TEMP_PATH))),
                scope.get(RequestDirectives.CLIENT_BODY_IN_FILE_ONLY),
                scope.get(ConnectionDirectives.SEND_TIMEOUT),
                keepalive.millis(),
                keepalive.headerSeconds(),
                scope.get(ConnectionDirectives.KEEPALIVE_MIN_TIMEOUT),
                scope.get(ConnectionDirectives.KEEPALIVE_REQUESTS),
                scope.get(ConnectionDirectives.KEEPALIVE_TIME),
                scope.get(ConnectionDirectives.KEEPALIVE_DISABLE),
                scope.get(ConnectionDirectives.LINGERING_CLOSE),
                scope.get(ConnectionDirectives.LINGERING_TIME),
                scope.get(ConnectionDirectives.LINGERING_TIMEOUT),
                scope.get(ConnectionDirectives.RESET_TIMEDOUT_CONNECTION),
                scope.get(ConnectionDirectives.TCP_NODELAY),
                scope.get(AnswerDirectives.SERVER_TOKENS),
                scope.get(AnswerDirectives.ABSOLUTE_REDIRECT),
                scope.get(AnswerDirectives.SERVER_NAME_IN_REDIRECT),
                scope.get(AnswerDirectives.PORT_IN_REDIRECT),
                scope.get(AnswerDirectives.INTERNAL),
                scope.get(AnswerDirectives.SATISFY_ANY),
                scope.get(AnswerDirectives.AUTH_DELAY),
                scope.get(AnswerDirectives.CHUNKED_TRANSFER_ENCODING),
                errorPages(scope),
                scope.get(AnswerDirectives.RECURSIVE_ERROR_PAGES),
                scope.get(AnswerDirectives.LOG_NOT_FOUND),
                scope.get(AnswerDirectives.LOG_SUBREQUEST),
                scope.get(AnswerDirectives.ETAG),
                scope.get(AnswerDirectives.IF_MODIFIED_SINCE),
                scope.get(AnswerDirectives.MAX_RANGES),
                scope.get(FileDirectives.TYPES),
                scope.get(FileDirectives.DEFAULT_TYPE),
                files.root(),
                files.alias(),
                files.aliased(),
                paths.prefix(),
                scope.find(ConnectionDirectives.LIMIT_RATE),
                scope.find(ConnectionDirectives.LIMIT_RATE_AFTER),
                ErrorLogDirective.of(scope, place.service(ErrorLog.class)),
                scope.find(ErrorLogDirective.ERROR_LOG_URI),
                DebugConnection.of(scope));
    }

    private static List<ErrorPage> errorPages(Scope scope) {
        List<ErrorPage> pages = new ArrayList<>();
        List<List<ErrorPage>> uses = scope.find(AnswerDirectives.ERROR_PAGE);
        if (uses != null) {
            uses.forEach(pages::addAll);
        }
        return List.copyOf(pages);
    }
}
