package io.gatehouse.module.zstd;

import io.gatehouse.coding.CodingDirectives;
import io.gatehouse.coding.Ratio;
import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.build.Module;
import io.gatehouse.config.build.VariableRegistry;
import io.gatehouse.config.directive.Arguments;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Standing;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.AttachmentKey;
import java.util.List;

/** {@code zstd} and what belongs to it, with the names of the module that nginx's users add. */
public final class ZstdModule implements Module {
    private static final AttachmentKey<Ratio> RATIO = AttachmentKey.of(Ratio.class);

    private static final CodingDirectives ZSTD = CodingDirectives.of(
            Zstd.NAME,
            ZstdModule::flag,
            ZstdModule::level,
            3,
            "1 to 19, or less than 0 for the fastest",
            Standing.OWN,
            "");

    private static boolean flag(Use use) {
        boolean on = Arguments.FLAG.read(use);
        String trouble = on ? ZstdLibrary.trouble() : null;
        if (trouble != null) {
            throw use.error("\"zstd\" cannot be used here: " + trouble);
        }
        return on;
    }

    private static int level(Use use) {
        Word word = use.arguments().get(0);
        int level;
        try {
            level = Integer.parseInt(word.text());
        } catch (NumberFormatException e) {
            throw Arguments.invalid(use, "invalid number", word, "expected a whole number");
        }
        if (level == 0 || level < Zstd.FASTEST || level > Zstd.BEST) {
            throw use.error(
                    "value must be between " + Zstd.FASTEST + " and " + Zstd.BEST + ", and not 0",
                    word,
                    "higher levels need larger windows than browsers have to accept (RFC 9659)");
        }
        return level;
    }

    @Override
    public String name() {
        return Zstd.NAME;
    }

    @Override
    public List<Directive<?>> directives() {
        return ZSTD.all();
    }

    @Override
    public void variables(VariableRegistry registry) {
        registry.add("zstd_ratio", Ratio.variable(RATIO));
    }

    @Override
    public void build(LocationBuild place) {
        if (place.get(ZSTD.on())) {
            ZSTD.offer(place, new Zstd(place.get(ZSTD.level())), 0, null, RATIO);
        }
    }
}
