package io.gatehouse.module.staticfiles;

import static io.gatehouse.config.directive.Context.HTTP;
import static io.gatehouse.config.directive.Context.LOCATION;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.build.Module;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.exchange.Template;
import io.gatehouse.files.Symlinks;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Answers with files where nothing else answers; {@code disable_symlinks}. Stands behind index and autoindex. */
public final class StaticFilesModule implements Module {
    private static final Directive<Optional<Symlinks>> DISABLE_SYMLINKS = directive("disable_symlinks")
            .in(HTTP, SERVER, LOCATION)
            .takes(new Arity(1, 2), StaticFilesModule::symlinks)
            .byDefault(Optional.empty(), "off")
            .syntax("off | on | if_not_owner [from=part]")
            .says("Sets whether files are refused whose path leads over a symbolic link, or over one that belongs to"
                    + " somebody else than what it leads to; the beginning of the path that from names is not"
                    + " looked at.")
            .example("disable_symlinks if_not_owner from=$document_root;");

    private static final StaticFiles HANDLER = new StaticFiles();

    @Override
    public String name() {
        return "static";
    }

    @Override
    public List<Directive<?>> directives() {
        return List.of(DISABLE_SYMLINKS);
    }

    @Override
    public void build(LocationBuild place) {
        place.get(DISABLE_SYMLINKS).ifPresent(symlinks -> place.settings(Symlinks.KEY, symlinks));
        place.content(HANDLER);
    }

    private static Optional<Symlinks> symlinks(Use use) {
        String mode = null;
        Template from = null;
        boolean fromGiven = false;
        for (Word word : use.arguments()) {
            String text = word.text();
            if (text.equals("off") || text.equals("on") || text.equals("if_not_owner")) {
                mode = text;
            } else if (text.startsWith("from=")) {
                from = use.template(new Word(text.substring(5), word.at(), word.quote(), word.rawLength()));
                fromGiven = true;
            } else {
                throw use.error(
                        "invalid parameter \"" + text + "\"", word, "expected off, on or if_not_owner, and from=");
            }
        }
        return checked(use, mode, from, fromGiven);
    }

    private static Optional<Symlinks> checked(
            Use use, @Nullable String mode, @Nullable Template from, boolean fromGiven) {
        if (mode == null) {
            throw use.error("\"disable_symlinks\" must have \"off\", \"on\" or \"if_not_owner\" parameter");
        }
        if (use.count() == 2 && !fromGiven) {
            throw use.error("duplicate parameters \"" + use.text(0) + " " + use.text(1) + "\"");
        }
        if (mode.equals("off")) {
            if (fromGiven) {
                throw use.error("\"from=\" cannot be used with \"off\" parameter");
            }
            return Optional.empty();
        }
        return Optional.of(new Symlinks(mode.equals("if_not_owner"), from));
    }
}
