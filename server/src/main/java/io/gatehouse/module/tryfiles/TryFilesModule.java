package io.gatehouse.module.tryfiles;

import static io.gatehouse.config.directive.Context.LOCATION;
import static io.gatehouse.config.directive.Context.SERVER;
import static io.gatehouse.config.directive.Directive.directive;

import io.gatehouse.config.build.LocationBuild;
import io.gatehouse.config.build.Module;
import io.gatehouse.config.directive.Arity;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Inheritance;
import io.gatehouse.config.directive.Use;
import io.gatehouse.config.syntax.Word;
import io.gatehouse.module.tryfiles.TryFiles.Candidate;
import java.util.ArrayList;
import java.util.List;

/** {@code try_files}. */
public final class TryFilesModule implements Module {
    private static final Directive<TryFiles> TRY_FILES = directive("try_files")
            .in(SERVER, LOCATION)
            .takes(new Arity(2, Arity.MANY), TryFilesModule::read)
            .inherits(Inheritance.NONE)
            .syntax("file ... uri | file ... =code")
            .says("Answers with the first of the files (with a slash at the end: folders) that exists, else goes on"
                    + " with the last argument: a URI, a named location or a status.")
            .example("try_files $uri $uri/ @app;");

    @Override
    public String name() {
        return "try_files";
    }

    @Override
    public List<Directive<?>> directives() {
        return List.of(TRY_FILES);
    }

    @Override
    public void build(LocationBuild place) {
        TryFiles files = place.find(TRY_FILES);
        if (files != null) {
            place.precontent(files);
        }
    }

    private static TryFiles read(Use use) {
        int last = use.count() - 1;
        List<Candidate> candidates = new ArrayList<>();
        for (Word word : use.arguments().subList(0, last)) {
            String text = word.text();
            boolean folder = text.endsWith("/");
            if (folder) {
                word = new Word(text.substring(0, text.length() - 1), word.at(), word.quote(), word.rawLength());
            }
            candidates.add(new Candidate(use.template(word), folder));
        }
        Word target = use.arguments().get(last);
        int code = target.text().startsWith("=") ? code(use, target) : 0;
        return new TryFiles(candidates.toArray(new Candidate[0]), use.template(target), code);
    }

    private static int code(Use use, Word word) {
        String digits = word.text().substring(1);
        if (digits.isEmpty() || digits.length() > 3 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw use.error("invalid code \"" + word.text() + "\"", word, "expected a status, such as =404");
        }
        return Integer.parseInt(digits);
    }
}
