package io.gatehouse.module.brotli;

import io.gatehouse.coding.CodingDirectives;
import io.gatehouse.coding.StaticCodings;
import io.gatehouse.coding.StaticOffer;
import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.build.Module;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Standing;
import java.util.List;

/** {@code brotli_static}. Needs no library. */
public final class BrotliStaticModule implements Module {
    private static final String SUFFIX = ".br";

    private static final Directive<StaticOffer.When> BROTLI_STATIC =
            CodingDirectives.fixed("brotli", SUFFIX, Standing.OWN, "");

    @Override
    public String name() {
        return "brotli_static";
    }

    @Override
    public List<Directive<?>> directives() {
        return List.of(BROTLI_STATIC);
    }

    @Override
    public void build(LocationBuild place) {
        StaticOffer.When when = place.get(BROTLI_STATIC);
        if (when != StaticOffer.When.OFF) {
            StaticCodings.add(place, new StaticOffer(Brotli.NAME, SUFFIX, when, null));
        }
    }
}
