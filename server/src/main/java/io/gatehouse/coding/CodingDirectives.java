package io.gatehouse.coding;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.LOCATION;
import static io.gatehouse.config.directive.Context.LOCATION_IF;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.directive.ArgumentReader;
import io.gatehouse.config.directive.Arguments;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Standing;
import io.gatehouse.exchange.AttachmentKey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The directives that every coding has, in the same shape: {@code NAME on}, {@code NAME_comp_level} and so on.
 *
 * @param on as nginx's {@code gzip}
 * @param level as {@code gzip_comp_level}
 * @param types as {@code gzip_types}
 * @param minLength as {@code gzip_min_length}
 * @param buffers as {@code gzip_buffers}
 */
public record CodingDirectives(
        Directive<Boolean> on,
        Directive<Integer> level,
        Directive<List<List<String>>> types,
        Directive<Integer> minLength,
        Directive<Buffers> buffers) {
    private static final String MODES = "off | on | always";

    /**
     * Those of one coding.
     *
     * @param name the first part of each directive's name, and what answers are said to be compressed with
     * @param flag reads {@code on} and {@code off}, and may look whether the coding can be had
     * @param levels reads the level
     * @param span the levels in words: "1 to 9"
     * @param standing of all of them
     */
    public static CodingDirectives of(
            String name,
            ArgumentReader<Boolean> flag,
            ArgumentReader<Integer> levels,
            int byDefault,
            String span,
            Standing standing,
            String note) {
        return new CodingDirectives(
                directive(name)
                        .in(HTTP, SERVER, LOCATION, LOCATION_IF)
                        .takes(flag)
                        .byDefault(false, "off")
                        .syntax("on | off")
                        .standing(standing, note)
                        .says("Sets whether answers are compressed with " + name + " for clients that accept it.")
                        .example(name + " on;"),
                directive(name + "_comp_level")
                        .in(HTTP, SERVER, LOCATION)
                        .takes(levels)
                        .byDefault(byDefault, Integer.toString(byDefault))
                        .syntax("level")
                        .standing(standing, note)
                        .says("Sets how hard " + name + " tries, " + span
                                + ": a higher level makes answers smaller and takes more time.")
                        .example(name + "_comp_level " + byDefault + ";"),
                directive(name + "_types")
                        .in(HTTP, SERVER, LOCATION)
                        .takesEach(Arity.AT_LEAST_ONE, MediaTypes::read)
                        .byDefault(MediaTypes.NONE_NAMED, "text/html")
                        .syntax("mime-type ...")
                        .standing(standing, note)
                        .says("Sets which media types are compressed with " + name
                                + " beside text/html, which always is; * means all.")
                        .example(name + "_types text/css application/javascript application/json;"),
                directive(name + "_min_length")
                        .in(HTTP, SERVER, LOCATION)
                        .takes(Arguments.SIZE)
                        .byDefault(20, "20")
                        .syntax("length")
                        .standing(standing, note)
                        .says("Sets the least length of an answer to be compressed with " + name
                                + ", as Content-Length tells it.")
                        .example(name + "_min_length 1k;"),
                directive(name + "_buffers")
                        .in(HTTP, SERVER, LOCATION)
                        .takes(new Arity(2, 2), Buffers::read)
                        .byDefault(Buffers.DEFAULT, "32 4k")
                        .syntax("number size")
                        .standing(standing, note)
                        .says("Sets how much of an answer compressed with " + name
                                + " may wait for the client: the number and size together.")
                        .example(name + "_buffers 16 8k;"));
    }

    /** {@code NAME_static}. */
    public static Directive<StaticOffer.When> fixed(String name, String suffix, Standing standing, String note) {
        return directive(name + "_static")
                .in(HTTP, SERVER, LOCATION)
                .takes(Arguments.oneOf(Map.of(
                        "off", StaticOffer.When.OFF, "on", StaticOffer.When.ON, "always", StaticOffer.When.ALWAYS)))
                .byDefault(StaticOffer.When.OFF, "off")
                .syntax(MODES)
                .standing(standing, note)
                .says("Sets whether a file is answered with the one of the same name and \"" + suffix
                        + "\", which was compressed beforehand, if that is there: for clients that accept it,"
                        + " or for all.")
                .example(name + "_static on;");
    }

    public List<Directive<?>> all() {
        return List.of(on, level, types, minLength, buffers);
    }

    /** Offers the coding at a place where it is on. */
    public void offer(
            LocationBuild place,
            Compression compression,
            int postpone,
            @Nullable ClientRules rules,
            AttachmentKey<Ratio> ratio) {
        Offers.add(
                place,
                new Offer(
                        compression,
                        MediaTypes.of(place.get(types)),
                        place.get(minLength),
                        place.get(buffers),
                        postpone,
                        rules,
                        ratio));
    }
}
