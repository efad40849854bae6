package io.gatehouse.module.notmodified;

import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.build.Module;
import io.gatehouse.config.directive.Directive;
import java.util.List;

/** Answers 304 and 412 to conditional requests. Stands before every filter that changes a body. */
public final class NotModifiedModule implements Module {
    private static final Conditions FILTER = new Conditions();

    @Override
    public String name() {
        return "not_modified";
    }

    @Override
    public List<Directive<?>> directives() {
        return List.of();
    }

    @Override
    public void build(LocationBuild place) {
        place.headerFilter(FILTER);
    }
}
