package io.gatehouse.config.directive;

/**
 * Reads the arguments of one use of a directive.
 *
 * @param <T> what is made of them
 */
@FunctionalInterface
public interface ArgumentReader<T> {
    /** The value; a {@link io.gatehouse.config.syntax.ConfigException} made by {@link Use#error} if it cannot be read. */
    T read(Use use);
}
