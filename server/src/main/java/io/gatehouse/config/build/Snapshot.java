package io.gatehouse.config.build;

import io.gatehouse.config.directive.Scope;
import io.gatehouse.config.syntax.Source;
import io.gatehouse.route.ListenPoint;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A configuration, ready to serve: everything a request needs is decided. Immutable once built.
 *
 * @param main the main level's values, for what the process itself needs (pid, error_log, worker_processes)
 * @param http the http level's, or null if the file has none
 * @param listens the addresses to listen on
 * @param carried what outlives it, by key, for the next one
 * @param started run once when this snapshot comes into force, ended when its last exchange has gone
 * @param sources the files it was read from
 * @param notices what reading it had to say
 */
public record Snapshot(
        Scope main,
        @Nullable Scope http,
        List<ListenPoint> listens,
        Map<Object, Object> carried,
        List<Object> shared,
        List<Source> sources,
        List<Notices.Notice> notices) {}
