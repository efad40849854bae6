package io.gatehouse.module.index;

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
import java.util.ArrayList;
import java.util.List;

/** {@code index}. Stands before autoindex and static files. */
public final class IndexModule implements Module {
    private static final Directive<List<List<Template>>> INDEX = directive("index")
            .in(HTTP, SERVER, LOCATION)
            .takesEach(Arity.AT_LEAST_ONE, IndexModule::read)
            .byDefault(List.of(List.of(Template.constant("index.html"))), "index.html")
            .syntax("file ...")
            .says("Sets the files that stand for a folder, in the order in which they are looked for; the last one"
                    + " may be an absolute URI.")
            .example("index index.html index.htm;");

    @Override
    public String name() {
        return "index";
    }

    @Override
    public List<Directive<?>> directives() {
        return List.of(INDEX);
    }

    @Override
    public void build(LocationBuild place) {
        List<Template> names = new ArrayList<>();
        place.get(INDEX).forEach(names::addAll);
        place.content(new Index(names.toArray(new Template[0])));
    }

    private static List<Template> read(Use use) {
        List<Template> names = new ArrayList<>();
        for (int i = 0; i < use.count(); i++) {
            Word word = use.arguments().get(i);
            if (word.text().startsWith("/") && i < use.count() - 1) {
                use.warn("only the last index in \"index\" directive should be absolute");
            }
            if (word.text().isEmpty()) {
                throw use.error("index \"\" in \"index\" directive is invalid", word);
            }
            names.add(use.template(word));
        }
        return names;
    }
}
