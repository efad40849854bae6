package io.gatehouse.module.emptygif;

import static io.gatehouse.config.directive.Context.LOCATION;
import static io.gatehouse.config.directive.Context.LOCATION_IF;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.build.Module;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Inheritance;
import io.gatehouse.config.directive.Scope;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.Outcome;
import io.netty.buffer.ByteBuf;
import java.util.HexFormat;
import java.util.List;

/** {@code empty_gif}. */
public final class EmptyGifModule implements Module {
    /** GIF89a: the screen of one pixel, a palette of black and white, white transparent, that pixel, the end. */
    private static final byte[] PIXEL = HexFormat.of()
            .parseHex("474946383961" + "01000100800100" + "000000ffffff" + "21f904010000010" + "0"
                    + "2c00000000010001000002024c0100" + "3b");

    private static final long LAST_MODIFIED = 23_349_600;

    private static final Directive<Boolean> EMPTY_GIF = directive("empty_gif")
            .in(LOCATION)
            .takes(Arity.NONE, use -> true)
            .again()
            .inherits(Inheritance.NONE)
            .says("Answers with an image of one transparent pixel.")
            .example("empty_gif;");

    @Override
    public String name() {
        return "empty_gif";
    }

    @Override
    public List<Directive<?>> directives() {
        return List.of(EMPTY_GIF);
    }

    @Override
    public void build(LocationBuild place) {
        Scope scope = place.scope();
        Scope around = scope.parent();
        if (scope.says(EMPTY_GIF) || scope.context() == LOCATION_IF && around != null && around.says(EMPTY_GIF)) {
            place.ownContent(EmptyGifModule::answer);
        }
    }

    private static Outcome answer(Exchange x) {
        if (!x.method.equals("GET") && !x.isHead()) {
            return Outcome.status(405);
        }
        int refused = x.body.discard();
        if (refused != 0) {
            return Outcome.status(refused);
        }
        x.response.status = 200;
        x.response.contentType = "image/gif";
        x.response.contentLength = PIXEL.length;
        x.response.lastModified = LAST_MODIFIED;
        if (x.sendHead()) {
            ByteBuf buffer = x.loop.buffer(PIXEL.length);
            x.send(buffer.writeBytes(PIXEL));
            x.end();
        }
        return Outcome.DONE;
    }
}
