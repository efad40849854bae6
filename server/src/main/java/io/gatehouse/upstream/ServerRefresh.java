package io.gatehouse.upstream;

import io.gatehouse.wire.Deadline;
import io.gatehouse.wire.Loop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the {@code server ... resolve} lines of one configuration up to date: asks for each when it comes into force, or
 * when what it was handed over a reload runs out, and again whenever an answer does.
 */
final class ServerRefresh {
    /** Answers that hold for less are asked for again only after this time. */
    static final long LEAST_MILLIS = 1_000;
    /** Nothing is believed for longer without asking again. */
    static final long MOST_MILLIS = 24 * 3_600_000L;

    private final List<Line> lines = new ArrayList<>();
    private boolean stopped;

    /** Adds a group's lines. While the configuration is read. */
    synchronized void add(PeerGroup group, ServerResolver resolver, long timeoutMillis) {
        for (NamedServer server : group.named()) {
            lines.add(new Line(server, resolver, timeoutMillis));
        }
    }

    /** Begins, the lines in turn on the loops. Once; from any thread. */
    synchronized void start(Loop[] loops) {
        if (stopped) {
            return;
        }
        for (int i = 0; i < lines.size(); i++) {
            lines.get(i).startOn(loops[i % loops.length]);
        }
    }

    /** Ends it; from any thread. */
    synchronized void stop() {
        stopped = true;
        lines.forEach(Line::stop);
    }

    /** One line. On its loop, but for starting and stopping. */
    private static final class Line implements ServerResolver.Answer {
        private final NamedServer server;
        private final ServerResolver resolver;
        private final long timeoutMillis;
        private @Nullable Loop loop;
        private @Nullable Deadline next;
        private NameResolver.@Nullable Question question;
        private boolean ended;

        Line(NamedServer server, ServerResolver resolver, long timeoutMillis) {
            this.server = server;
            this.resolver = resolver;
            this.timeoutMillis = timeoutMillis;
        }

        void startOn(Loop chosen) {
            loop = chosen;
            run(chosen, () -> {
                next = chosen.deadline(() -> ask(chosen));
                long left = server.validUntil() - chosen.wallMillis();
                if (left > 0) {
                    in(left);
                } else {
                    ask(chosen);
                }
            });
        }

        void stop() {
            Loop mine = loop;
            if (mine != null) {
                run(mine, () -> {
                    ended = true;
                    if (next != null) {
                        next.clear();
                    }
                    if (question != null) {
                        question.cancel();
                    }
                });
            }
        }

        private static void run(Loop loop, Runnable task) {
            try {
                loop.execute(task);
            } catch (RejectedExecutionException e) {
                // The loop has ended, and its deadlines with it.
            }
        }

        private void ask(Loop loop) {
            if (!ended) {
                question = null;
                NameResolver.Question asked = resolver.resolve(loop, server.name(), timeoutMillis, this);
                if (next != null && !next.isArmed()) {
                    question = asked;
                }
            }
        }

        @Override
        public void found(List<ServiceAddress> addresses, long validUntil) {
            server.resolved(addresses, validUntil);
            again(loop == null ? 0 : validUntil - loop.wallMillis());
        }

        @Override
        public void failed() {
            again(timeoutMillis);
        }

        private void again(long millis) {
            question = null;
            in(Math.max(millis, LEAST_MILLIS));
        }

        private void in(long millis) {
            if (next != null && !ended) {
                next.in(Math.min(millis, MOST_MILLIS));
            }
        }
    }
}
