package io.gatehouse.config.directive;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a directive is, declared once: from it come the parser's checks and messages, the defaults, the merge between
 * levels and the reference.
 *
 * @param <T> the value that a level holds
 */
public final class Directive<T> {
    private final String name;
    private final Set<Context> contexts;
    private final Arity arity;
    private final boolean block;
    private final ArgumentReader<?> reader;
    private final boolean repeatable;
    private final boolean again;
    private final Inheritance inheritance;
    private final @Nullable BinaryOperator<T> merger;
    private final @Nullable T byDefault;
    private final String defaultText;
    private final String says;
    private final String example;
    private final Standing standing;
    private final String note;
    private final String syntax;

    private Directive(Declaration<T> d) {
        this.name = d.name;
        this.contexts = Set.copyOf(d.contexts);
        this.arity = d.arity;
        this.block = d.block;
        this.reader = Objects.requireNonNull(d.reader, () -> d.name + " takes nothing");
        this.repeatable = d.repeatable;
        this.again = d.again;
        this.inheritance = d.inheritance;
        this.merger = d.merger;
        this.byDefault = d.byDefault;
        this.defaultText = d.defaultText;
        this.says = d.says;
        this.example = d.example;
        this.standing = d.standing;
        this.note = d.note;
        this.syntax = d.syntax;
    }

    /** Begins a declaration; {@link Declaration#example} ends it. */
    public static Declaration<Void> directive(String name) {
        return new Declaration<>(name);
    }

    public String name() {
        return name;
    }

    public Set<Context> contexts() {
        return contexts;
    }

    public Arity arity() {
        return arity;
    }

    /** Whether it is followed by a block in braces. */
    public boolean isBlock() {
        return block;
    }

    /** Whether it may be used several times on one level; its value is then a list. */
    public boolean isRepeatable() {
        return repeatable;
    }

    /** Whether a level may say it again; the last use counts. */
    public boolean isRedefinable() {
        return again;
    }

    public Inheritance inheritance() {
        return inheritance;
    }

    public @Nullable BinaryOperator<T> merger() {
        return merger;
    }

    public @Nullable T byDefault() {
        return byDefault;
    }

    /** The default as it would be written in a file; empty for none. */
    public String defaultText() {
        return defaultText;
    }

    public String says() {
        return says;
    }

    public String example() {
        return example;
    }

    public Standing standing() {
        return standing;
    }

    public String note() {
        return note;
    }

    /** The form of the arguments, for the reference: {@code size}, {@code on | off}; empty if the example says it all. */
    public String syntax() {
        return syntax;
    }

    /** How it is written, for the reference: {@code name size;}, {@code name { ... }}. */
    public String form() {
        String arguments = syntax;
        if (syntax.isEmpty() && arity.max() > 0) {
            arguments = arity.max() > 1 ? "value ..." : "value";
        }
        return name + (arguments.isEmpty() ? "" : " " + arguments) + (block ? " { ... }" : ";");
    }

    /** Where it may stand, the outermost first. */
    public String places() {
        return contexts.stream().sorted().map(Context::text).collect(Collectors.joining(", "));
    }

    ArgumentReader<?> reader() {
        return reader;
    }

    @Override
    public String toString() {
        return name;
    }

    /** A directive being declared. Each method returns this, or a declaration of the type it sets. */
    public static final class Declaration<T> {
        private final String name;
        private final Set<Context> contexts = EnumSet.noneOf(Context.class);
        private Arity arity = Arity.ONE;
        private boolean block;
        private @Nullable ArgumentReader<?> reader;
        private boolean repeatable;
        private boolean again;
        private Inheritance inheritance = Inheritance.NEAREST;
        private @Nullable BinaryOperator<T> merger;
        private @Nullable T byDefault;
        private String defaultText = "";
        private String says = "";
        private String example = "";
        private Standing standing = Standing.SAME;
        private String note = "";
        private String syntax = "";

        private Declaration(String name) {
            this.name = name;
        }

        public Declaration<T> in(Context... where) {
            contexts.addAll(List.of(where));
            return this;
        }

        /** One argument, read by {@code reader}. */
        public <U> Declaration<U> takes(ArgumentReader<U> reader) {
            return takes(Arity.ONE, reader);
        }

        public <U> Declaration<U> takes(Arity arity, ArgumentReader<U> reader) {
            this.arity = arity;
            this.reader = reader;
            return retyped();
        }

        /** As {@link #takes}, for a directive that may be used several times on a level: its value is the list. */
        public <U> Declaration<List<U>> takesEach(Arity arity, ArgumentReader<U> reader) {
            this.arity = arity;
            this.reader = reader;
            this.repeatable = true;
            return retyped();
        }

        /**
         * It may be used again on a level, which nginx lets some. The value of the last use counts: a reader that adds to what was
         * said before finds that in {@link Use#scope()}.
         */
        public Declaration<T> again() {
            this.again = true;
            return this;
        }

        @SuppressWarnings("unchecked") // nothing of type T was set yet: takes comes before the default
        private <U> Declaration<U> retyped() {
            return (Declaration<U>) this;
        }

        /** It is followed by a block; its reader reads that too. */
        public Declaration<T> block() {
            this.block = true;
            return this;
        }

        public Declaration<T> inherits(Inheritance inheritance) {
            this.inheritance = inheritance;
            return this;
        }

        /** {@link Inheritance#MERGED} by this rule: the outer level's value first, the nearer one second. */
        public Declaration<T> merges(BinaryOperator<T> rule) {
            this.inheritance = Inheritance.MERGED;
            this.merger = rule;
            return this;
        }

        /** The default and its text as in a file ("1m"). */
        public Declaration<T> byDefault(T value, String text) {
            this.byDefault = value;
            this.defaultText = text;
            return this;
        }

        /** The form of the arguments, for the reference. */
        public Declaration<T> syntax(String form) {
            this.syntax = form;
            return this;
        }

        public Declaration<T> standing(Standing standing, String note) {
            this.standing = standing;
            this.note = note;
            return this;
        }

        /** The sentence that tells what it does. */
        public Declaration<T> says(String sentence) {
            this.says = sentence;
            return this;
        }

        /** A line or block that uses it; ends the declaration. */
        public Directive<T> example(String text) {
            this.example = text;
            return new Directive<>(this);
        }
    }

    /** A list that later declarations may append to. */
    static <E> List<E> list() {
        return new ArrayList<>(4);
    }
}
