package io.gatehouse.module.gunzip;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.LOCATION;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.coding.Buffers;
import io.gatehouse.coding.ClientRules;
import io.gatehouse.coding.Decompressions;
import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.build.Module;
import io.gatehouse.config.directive.Arguments;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Directive;
import java.util.List;

/** {@code gunzip}. */
public final class GunzipModule implements Module {
    private static final Directive<Boolean> GUNZIP = directive("gunzip")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.FLAG)
            .byDefault(false, "off")
            .syntax("on | off")
            .says("Sets whether answers that are compressed with gzip are decompressed for clients that do not"
                    + " accept it.")
            .example("gunzip on;");

    private static final Directive<Buffers> GUNZIP_BUFFERS = directive("gunzip_buffers")
            .in(HTTP, SERVER, LOCATION)
            .takes(new Arity(2, 2), Buffers::read)
            .byDefault(Buffers.DEFAULT, "32 4k")
            .syntax("number size")
            .says("Sets how much of a decompressed answer may wait for the client: the number and size together.")
            .example("gunzip_buffers 16 8k;");

    @Override
    public String name() {
        return "gunzip";
    }

    @Override
    public List<Directive<?>> directives() {
        return List.of(GUNZIP, GUNZIP_BUFFERS);
    }

    @Override
    public void build(LocationBuild place) {
        if (place.get(GUNZIP)) {
            Decompressions.add(
                    place,
                    new Decompressions.Rule(
                            "gzip", GunzipCoder::new, ClientRules.of(place), place.get(GUNZIP_BUFFERS)));
        }
    }
}
