package io.gatehouse.module.gzip;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.LOCATION;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.coding.ClientRules;
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

/** {@code gzip} and what belongs to it. */
public final class GzipModule implements Module {
    private static final AttachmentKey<Ratio> RATIO = AttachmentKey.of(Ratio.class);

    private static final CodingDirectives GZIP = CodingDirectives.of(
            Gzip.NAME, Arguments.FLAG, use -> Arguments.number(use, 1, Gzip.LEVELS), 1, "1 to 9", Standing.SAME, "");

    private static final Directive<Integer> POSTPONE_GZIPPING = directive("postpone_gzipping")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.SIZE)
            .byDefault(0, "0")
            .syntax("size")
            .says("Sets how much of an answer must have come before compression with gzip begins, unless the answer"
                    + " ends or is flushed; 0 for nothing.")
            .example("postpone_gzipping 1460;");

    private static final Directive<Boolean> GZIP_NO_BUFFER = directive("gzip_no_buffer")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.FLAG)
            .byDefault(false, "off")
            .syntax("on | off")
            .standing(Standing.WITHOUT_EFFECT, "what the compressor has written is always sent on at once")
            .says("Accepted so that files which have it work.")
            .example("gzip_no_buffer on;");

    private static final Directive<Boolean> GZIP_WINDOW = directive("gzip_window")
            .in(HTTP, SERVER, LOCATION)
            .takes(use -> isPowerOfTwo(use, 32 * 1024, "must be 512, 1k, 2k, 4k, 8k, 16k, or 32k"))
            .syntax("size")
            .standing(Standing.WITHOUT_EFFECT, "the JDK's zlib has its default of 32k; the value is only checked")
            .says("Accepted so that files which have it work.")
            .example("gzip_window 16k;");

    private static final Directive<Boolean> GZIP_HASH = directive("gzip_hash")
            .in(HTTP, SERVER, LOCATION)
            .takes(use -> isPowerOfTwo(use, 128 * 1024, "must be 512, 1k, 2k, 4k, 8k, 16k, 32k, 64k, or 128k"))
            .syntax("size")
            .standing(Standing.WITHOUT_EFFECT, "the JDK's zlib has its default of 64k; the value is only checked")
            .says("Accepted so that files which have it work.")
            .example("gzip_hash 32k;");

    private static boolean isPowerOfTwo(Use use, int most, String message) {
        int size = Arguments.size(use, use.arguments().get(0));
        if (size < 512 || size > most || Integer.bitCount(size) != 1) {
            throw use.error(
                    "\"" + use.directive().name() + "\" directive " + message,
                    use.arguments().get(0));
        }
        return true;
    }

    @Override
    public String name() {
        return Gzip.NAME;
    }

    @Override
    public List<Directive<?>> directives() {
        List<Directive<?>> all = new ArrayList<>(GZIP.all());
        all.addAll(ClientRules.DIRECTIVES);
        all.addAll(List.of(POSTPONE_GZIPPING, GZIP_NO_BUFFER, GZIP_WINDOW, GZIP_HASH));
        return all;
    }

    @Override
    public void variables(VariableRegistry registry) {
        registry.add("gzip_ratio", Ratio.variable(RATIO));
    }

    @Override
    public void build(LocationBuild place) {
        if (place.get(GZIP.on())) {
            GZIP.offer(
                    place,
                    Gzip.at(place.get(GZIP.level())),
                    place.get(POSTPONE_GZIPPING),
                    ClientRules.of(place),
                    RATIO);
        }
    }
}
