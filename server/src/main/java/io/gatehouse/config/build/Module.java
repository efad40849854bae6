package io.gatehouse.config.build;

import io.gatehouse.config.directive.Directive;
import java.util.List;

/**
 * A feature: the directives it declares, the variables it has, and what it puts into each place of a configuration. One
 * object; it keeps nothing of any configuration.
 */
public interface Module {
    /** As nginx names it: "proxy", "rewrite". */
    String name();

    List<Directive<?>> directives();

    /** Registers the variables it brings. */
    default void variables(VariableRegistry registry) {}

    /**
     * Puts its settings, handlers and filters into one place: called for each server's own level, each location, each
     * {@code if} and {@code limit_except} within one. In the order of the list of modules.
     */
    default void build(LocationBuild place) {}
}
