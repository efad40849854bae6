package io.gatehouse.module.autoindex;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.LOCATION;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.build.Module;
import io.gatehouse.config.directive.Arguments;
import io.gatehouse.config.directive.Directive;
import java.util.List;
import java.util.Map;

/** {@code autoindex}. Stands behind index and before static files. */
public final class AutoindexModule implements Module {
    /** {@code autoindex_format}. */
    enum Format {
        HTML,
        XML,
        JSON,
        JSONP,
    }

    private static final Directive<Boolean> AUTOINDEX = flag("autoindex", false)
            .says("Sets whether a folder without an index file is answered with a list of its files.")
            .example("autoindex on;");

    private static final Directive<Boolean> AUTOINDEX_EXACT_SIZE = flag("autoindex_exact_size", true)
            .says("Sets whether the list in HTML has sizes in bytes rather than rounded to kilobytes, megabytes and"
                    + " gigabytes.")
            .example("autoindex_exact_size off;");

    private static final Directive<Boolean> AUTOINDEX_LOCALTIME = flag("autoindex_localtime", false)
            .says("Sets whether the list in HTML has local times rather than UTC.")
            .example("autoindex_localtime on;");

    private static final Directive<Format> AUTOINDEX_FORMAT = directive("autoindex_format")
            .in(HTTP, SERVER, LOCATION)
            .takes(Arguments.oneOf(
                    Map.of("html", Format.HTML, "xml", Format.XML, "json", Format.JSON, "jsonp", Format.JSONP)))
            .byDefault(Format.HTML, "html")
            .syntax("html | xml | json | jsonp")
            .says("Sets the form of the list; jsonp calls the function that the argument callback names.")
            .example("autoindex_format json;");

    @Override
    public String name() {
        return "autoindex";
    }

    @Override
    public List<Directive<?>> directives() {
        return List.of(AUTOINDEX, AUTOINDEX_EXACT_SIZE, AUTOINDEX_LOCALTIME, AUTOINDEX_FORMAT);
    }

    private static Directive.Declaration<Boolean> flag(String name, boolean byDefault) {
        return directive(name)
                .in(HTTP, SERVER, LOCATION)
                .takes(Arguments.FLAG)
                .byDefault(byDefault, byDefault ? "on" : "off")
                .syntax("on | off");
    }

    @Override
    public void build(LocationBuild place) {
        if (place.get(AUTOINDEX)) {
            place.content(new Autoindex(
                    place.get(AUTOINDEX_FORMAT),
                    place.get(AUTOINDEX_EXACT_SIZE),
                    place.get(AUTOINDEX_LOCALTIME),
                    place.template("$arg_callback")));
        }
    }
}
