package io.gatehouse.module.range;

import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.build.Module;
import io.gatehouse.config.directive.Directive;
import java.util.List;

/** Answers with parts. Last of the filters, so that it cuts what is really sent. {@code max_ranges} belongs to the core. */
public final class RangeModule implements Module {
    private static final RangeFilter FILTER = new RangeFilter();

    @Override
    public String name() {
        return "range";
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
