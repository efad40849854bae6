package io.gatehouse.module.gzipstatic;

import io.gatehouse.coding.ClientRules;
import io.gatehouse.coding.CodingDirectives;
import io.gatehouse.coding.StaticCodings;
import io.gatehouse.coding.StaticOffer;
import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.build.Module;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Standing;
import java.util.List;

/** {@code gzip_static}. */
public final class GzipStaticModule implements Module {
    private static final String CODING = "gzip";
    private static final String SUFFIX = ".gz";

    private static final Directive<StaticOffer.When> GZIP_STATIC =
            CodingDirectives.fixed(CODING, SUFFIX, Standing.SAME, "");

    @Override
    public String name() {
        return "gzip_static";
    }

    @Override
    public List<Directive<?>> directives() {
        return List.of(GZIP_STATIC);
    }

    @Override
    public void build(LocationBuild place) {
        StaticOffer.When when = place.get(GZIP_STATIC);
        if (when != StaticOffer.When.OFF) {
            StaticCodings.add(place, new StaticOffer(CODING, SUFFIX, when, ClientRules.of(place)));
        }
    }
}
