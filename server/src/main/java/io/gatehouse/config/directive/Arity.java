package io.gatehouse.config.directive;

/** How many arguments a directive takes: {@code min} to {@code max}; {@link #MANY} for no upper bound. */
public record Arity(int min, int max) {
    public static final int MANY = Integer.MAX_VALUE;

    public static final Arity ONE = new Arity(1, 1);
    public static final Arity NONE = new Arity(0, 0);
    public static final Arity AT_LEAST_ONE = new Arity(1, MANY);

    public boolean accepts(int count) {
        return count >= min && count <= max;
    }
}
