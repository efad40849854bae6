package io.gatehouse.exchange;

import org.jspecify.annotations.Nullable;

/**
 * What a {@link Handler} decided. One of few, so that the pipeline can be read in one method.
 */
public final class Outcome {
    /** The kinds of outcome. */
    public enum Kind {
        /** The next handler is asked. */
        NEXT,
        /** Within the access phase: this handler grants access ({@code satisfy any}); elsewhere as {@link #NEXT}. */
        GRANTED,
        /** The handler has taken the exchange over and will end it itself. */
        DONE,
        /** The handler works on and will call {@link Exchange#resume}. */
        WAITING,
        /** The exchange is answered with {@link #status}. */
        STATUS,
        /** The exchange goes on with another URI ({@link #target}, arguments {@link #arguments}) as if it had asked for it. */
        URI,
        /** The exchange goes on in the named location {@link #target}. */
        NAMED,
        /** The location is looked for again, because the URI was rewritten. */
        RELOCATE,
    }

    public static final Outcome NEXT = new Outcome(Kind.NEXT, 0, null, null);
    public static final Outcome GRANTED = new Outcome(Kind.GRANTED, 0, null, null);
    public static final Outcome DONE = new Outcome(Kind.DONE, 0, null, null);
    public static final Outcome WAITING = new Outcome(Kind.WAITING, 0, null, null);
    public static final Outcome RELOCATE = new Outcome(Kind.RELOCATE, 0, null, null);

    private static final Outcome[] STATUSES = new Outcome[1000];

    static {
        for (int status = 0; status < STATUSES.length; status++) {
            STATUSES[status] = new Outcome(Kind.STATUS, status, null, null);
        }
    }

    public final Kind kind;
    /** 0 to 999; for {@link Kind#STATUS}. 444 closes the connection without an answer. */
    public final int status;

    public final @Nullable String target;
    public final @Nullable String arguments;

    private Outcome(Kind kind, int status, @Nullable String target, @Nullable String arguments) {
        this.kind = kind;
        this.status = status;
        this.target = target;
        this.arguments = arguments;
    }

    public static Outcome status(int status) {
        return STATUSES[status];
    }

    /** An internal redirect; {@code arguments} without the question mark, null for none. */
    public static Outcome uri(String uri, @Nullable String arguments) {
        return new Outcome(Kind.URI, 0, uri, arguments);
    }

    /** A redirect to a named location ({@code @name}). */
    public static Outcome named(String location) {
        return new Outcome(Kind.NAMED, 0, location, null);
    }

    @Override
    public String toString() {
        return kind + (kind == Kind.STATUS ? " " + status : "") + (target == null ? "" : " " + target);
    }
}
