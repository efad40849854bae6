package io.gatehouse.module.zstd;

import io.gatehouse.coding.CodingDirectives;
import io.gatehouse.coding.StaticCodings;
import io.gatehouse.coding.StaticOffer;
import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.build.Module;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Standing;
import java.util.List;

/** {@code zstd_static}. Needs no library. */
public final class ZstdStaticModule implements Module {
    private static final String SUFFIX = ".zst";

    private static final Directive<StaticOffer.When> ZSTD_STATIC =
            CodingDirectives.fixed(Zstd.NAME, SUFFIX, Standing.OWN, "");

    @Override
    public String name() {
        return "zstd_static";
    }

    @Override
    public List<Directive<?>> directives() {
        return List.of(ZSTD_STATIC);
    }

    @Override
    public void build(LocationBuild place) {
        StaticOffer.When when = place.get(ZSTD_STATIC);
        if (when != StaticOffer.When.OFF) {
            StaticCodings.add(place, new StaticOffer(Zstd.NAME, SUFFIX, when, null));
        }
    }
}
