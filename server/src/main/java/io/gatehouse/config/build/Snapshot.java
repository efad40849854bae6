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
 * @param shared what its modules have in common, by type
 * @param endings run once when nothing uses it any more
 * @param sources the files it was read from
 * @param notices what reading it had to say
 */
public record Snapshot(
        Scope main,
        @Nullable Scope http,
        List<ListenPoint> listens,
        Map<Object, Object> carried,
        Map<Class<?>, Object> shared,
        List<Runnable> endings,
        List<Source> sources,
        List<Notices.Notice> notices) {
    /** What its modules share under that type, or null. */
    public <T> @Nullable T shared(Class<T> type) {
        return type.cast(shared.get(type));
    }

    /** Gives back what was taken for it. Called once, when nothing uses it any more. */
    public void end() {
        endings.forEach(Runnable::run);
    }
}
