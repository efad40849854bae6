package io.gatehouse.module.brotli;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.LOCATION;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.coding.CodingDirectives;
import io.gatehouse.coding.Ratio;
import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.build.Module;
import io.gatehouse.config.build.VariableRegistry;
import io.gatehouse.config.directive.Arguments;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Standing;
import io.gatehouse.config.directive.Use;
import io.gatehouse.exchange.AttachmentKey;
import java.util.ArrayList;
import java.util.List;

/** {@code brotli} and what belongs to it, with the names and defaults of the module that nginx's users add. */
public final class BrotliModule implements Module {
    private static final String NAME = "brotli";
    private static final AttachmentKey<Ratio> RATIO = AttachmentKey.of(Ratio.class);
    private static final int DEFAULT_WINDOW_BITS = 19;

    private static final CodingDirectives BROTLI = CodingDirectives.of(
            NAME, BrotliModule::flag, use -> Arguments.number(use, 0, Brotli.BEST), 6, "0 to 11", Standing.OWN, "");

    private static final Directive<Integer> BROTLI_WINDOW = directive("brotli_window")
            .in(HTTP, SERVER, LOCATION)
            .takes(BrotliModule::window)
            .byDefault(DEFAULT_WINDOW_BITS, "512k")
            .syntax("size")
            .standing(Standing.OWN, "")
            .says("Sets how far back brotli looks for repeats: a larger window makes large answers smaller and takes"
                    + " about six times its size of memory for each answer under way.")
            .example("brotli_window 1m;");

    private static boolean flag(Use use) {
        boolean on = Arguments.FLAG.read(use);
        String trouble = on ? BrotliLibrary.trouble() : null;
        if (trouble != null) {
            throw use.error("\"brotli\" cannot be used here: " + trouble);
        }
        return on;
    }

    private static int window(Use use) {
        int size = Arguments.size(use, use.arguments().get(0));
        for (int bits = Brotli.LEAST_WINDOW_BITS; bits <= Brotli.MOST_WINDOW_BITS; bits++) {
            if (size == 1 << bits) {
                return bits;
            }
        }
        throw use.error(
                "\"brotli_window\" directive must be 1k, 2k, 4k, 8k, 16k, 32k, 64k, 128k, 256k, 512k, 1m, 2m, 4m, 8m"
                        + " or 16m",
                use.arguments().get(0));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Directive<?>> directives() {
        List<Directive<?>> all = new ArrayList<>(BROTLI.all());
        all.add(BROTLI_WINDOW);
        return all;
    }

    @Override
    public void variables(VariableRegistry registry) {
        registry.add("brotli_ratio", Ratio.variable(RATIO));
    }

    @Override
    public void build(LocationBuild place) {
        if (place.get(BROTLI.on())) {
            BROTLI.offer(place, new Brotli(place.get(BROTLI.level()), place.get(BROTLI_WINDOW)), 0, null, RATIO);
        }
    }
}
