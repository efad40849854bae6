package io.gatehouse.module.headers;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.LOCATION;
import static io.gatehouse.config.directive.Context.LOCATION_IF;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.build.Module;
import io.gatehouse.config.directive.Arguments;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Inheritance;
import io.gatehouse.config.directive.Scope;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.HeaderFilter;
import io.gatehouse.exchange.Headers;
import io.gatehouse.exchange.HttpDates;
import io.gatehouse.exchange.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code add_header}, {@code add_trailer} and {@code expires}. */
public final class HeadersModule implements Module {
    /** How a level's list stands to that of the level around it. */
    private enum Inherit {
        ON,
        OFF,
        MERGE,
    }

    /** One field to add. */
    private record Field(String name, int id, Template value, boolean always) {}

    private static final Directive<List<Field>> ADD_HEADER = field("add_header")
            .says("Adds a field to answers whose status is 200, 201, 204, 206, 301, 302, 303, 304, 307 or 308, with"
                    + " always to every answer. A level that has any of its own inherits none, unless"
                    + " add_header_inherit says otherwise.")
            .example("add_header Strict-Transport-Security \"max-age=31536000\" always;");

    private static final Directive<List<Field>> ADD_TRAILER = field("add_trailer")
            .says("Adds a field behind the body of an answer, where the protocol has room for it.")
            .example("add_trailer X-Time $request_time;");

    private static final Directive<Inherit> ADD_HEADER_INHERIT = inherit("add_header_inherit")
            .says("Sets whether a level with add_header of its own also has those of the level around it (merge), or"
                    + " a level without any has none (off).")
            .example("add_header_inherit merge;");

    private static final Directive<Inherit> ADD_TRAILER_INHERIT = inherit("add_trailer_inherit")
            .says("Sets the same for add_trailer as add_header_inherit does for add_header.")
            .example("add_trailer_inherit merge;");

    private static final Directive<Expiry> EXPIRES = directive("expires")
            .in(HTTP, SERVER, LOCATION, LOCATION_IF)
            .takes(new Arity(1, 2), Expiry::read)
            .byDefault(Expiry.OFF, "off")
            .syntax("[modified] time | @time | epoch | max | off")
            .says("Sets the fields Expires and Cache-Control of answers with a good status.")
            .example("expires 7d;");

    @Override
    public String name() {
        return "headers";
    }

    @Override
    public List<Directive<?>> directives() {
        return List.of(ADD_HEADER, ADD_TRAILER, ADD_HEADER_INHERIT, ADD_TRAILER_INHERIT, EXPIRES);
    }

    private static Directive.Declaration<List<Field>> field(String name) {
        return directive(name)
                .in(HTTP, SERVER, LOCATION, LOCATION_IF)
                .takesEach(new Arity(2, 3), HeadersModule::read)
                .inherits(Inheritance.NONE)
                .syntax("name value [always]");
    }

    private static Directive.Declaration<Inherit> inherit(String name) {
        return directive(name)
                .in(HTTP, SERVER, LOCATION, LOCATION_IF)
                .takes(Arguments.oneOf(Map.of("on", Inherit.ON, "off", Inherit.OFF, "merge", Inherit.MERGE)))
                .byDefault(Inherit.ON, "on")
                .syntax("on | off | merge");
    }

    private static Field read(Use use) {
        if (use.count() == 3 && !use.text(2).equals("always")) {
            throw use.error(
                    "invalid parameter \"" + use.text(2) + "\"", use.arguments().get(2), "expected: always");
        }
        Word name = use.arguments().get(0);
        return new Field(
                name.text(),
                FieldName.idOf(name.text()),
                use.template(use.arguments().get(1)),
                use.count() == 3);
    }

    /** The list in force at a level: nearest own one, put together with the outer one where that is said. */
    private static List<Field> fields(@Nullable Scope scope, Directive<List<Field>> list, Directive<Inherit> inherit) {
        if (scope == null) {
            return List.of();
        }
        List<Field> own = scope.own(list);
        Inherit how = scope.get(inherit);
        if (how == Inherit.OFF) {
            return own == null ? List.of() : own;
        }
        List<Field> outer = fields(scope.parent(), list, inherit);
        if (own == null) {
            return outer;
        }
        if (how != Inherit.MERGE) {
            return own;
        }
        List<Field> both = new ArrayList<>(own);
        both.addAll(outer);
        return both;
    }

    @Override
    public void build(LocationBuild place) {
        List<Field> headers = fields(place.scope(), ADD_HEADER, ADD_HEADER_INHERIT);
        List<Field> trailers = fields(place.scope(), ADD_TRAILER, ADD_TRAILER_INHERIT);
        Expiry expires = place.get(EXPIRES);
        if (!headers.isEmpty() || !trailers.isEmpty() || !expires.isOff()) {
            place.headerFilter(new Filter(headers.toArray(new Field[0]), trailers.toArray(new Field[0]), expires));
        }
    }

    private record Filter(Field[] headers, Field[] trailers, Expiry expires) implements HeaderFilter {
        @Override
        public boolean filter(Exchange x) {
            if (x.isSubrequest()) {
                return true;
            }
            boolean good = isGood(x.response.status);
            if (good) {
                expires.apply(x);
            }
            for (Field field : headers) {
                if (good || field.always()) {
                    add(x, field);
                }
            }
            if (trailers.length > 0 && x.version >= Exchange.HTTP_11 && !x.response.headerOnly) {
                addTrailers(x, good);
            }
            return true;
        }

        /** Trailers are evaluated when the body has ended, so that they can tell how that went. */
        private void addTrailers(Exchange x, boolean good) {
            boolean any = false;
            for (Field field : trailers) {
                any |= good || field.always();
            }
            if (any) {
                x.response.expectTrailers = true;
                x.filterBody(new TrailerFilter(trailers, good));
            }
        }

        private static void add(Exchange x, Field field) {
            String value = field.value().eval(x);
            Headers out = x.response.headers;
            switch (field.id()) {
                case FieldName.LAST_MODIFIED -> {
                    x.response.lastModifiedText = value.isEmpty() ? null : value;
                    x.response.lastModified = value.isEmpty() ? -1 : HttpDates.parse(value);
                }
                case FieldName.ETAG -> {
                    out.remove(FieldName.ETAG);
                    if (!value.isEmpty()) {
                        out.add(FieldName.ETAG, value);
                    }
                }
                default -> {
                    if (!value.isEmpty()) {
                        out.add(field.name(), value);
                    }
                }
            }
        }
    }

    private static boolean isGood(int status) {
        return switch (status) {
            case 200, 201, 204, 206, 301, 302, 303, 304, 307, 308 -> true;
            default -> false;
        };
    }

    private static final class TrailerFilter extends io.gatehouse.exchange.BodyFilter {
        private final Field[] fields;
        private final boolean good;

        TrailerFilter(Field[] fields, boolean good) {
            this.fields = fields;
            this.good = good;
        }

        @Override
        public boolean takesFiles() {
            return true;
        }

        @Override
        public void body(Exchange x, io.netty.buffer.ByteBuf owned) {
            pass(x, owned);
        }

        @Override
        public void end(Exchange x) {
            Headers out = Objects.requireNonNullElseGet(x.response.trailers, Headers::new);
            // what is evaluated may ask for the ones before it
            x.response.trailers = out;
            for (Field field : fields) {
                String value = good || field.always() ? field.value().eval(x) : "";
                if (!value.isEmpty()) {
                    out.add(field.name(), value);
                }
            }
            x.response.trailers = out.size() == 0 ? null : out;
            passEnd(x);
        }
    }
}
