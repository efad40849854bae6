package io.gatehouse.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.gatehouse.config.build.Module;
import io.gatehouse.config.directive.Directive;
import io.gatehouse.config.directive.Standing;
import io.gatehouse.module.Modules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The reference is complete, and what is committed is what the declarations say. */
class ReferenceTest {
    private static final Path FOLDER = Path.of(System.getProperty("gatehouse.root", ".."), "docs/reference");
    private static final String RENEW =
            "mvn test -Dquick -Dtest=ReferenceTest -Ddocs=write" + " -Dsurefire.failIfNoSpecifiedTests=false";

    /** With -Ddocs=write it writes them. */
    @Test
    void thePagesAreWhatTheDeclarationsSay() throws IOException {
        Map<String, String> pages = ReferencePages.all();
        if ("write".equals(System.getProperty("docs"))) {
            write(pages);
        }
        List<String> stale = new ArrayList<>();
        for (Map.Entry<String, String> page : pages.entrySet()) {
            Path file = FOLDER.resolve(page.getKey());
            if (!Files.exists(file) || !Files.readString(file).equals(page.getValue())) {
                stale.add(page.getKey());
            }
        }
        for (Path file : committed()) {
            if (!pages.containsKey(file.getFileName().toString())) {
                stale.add(file.getFileName() + " (no such module)");
            }
        }
        if (!stale.isEmpty()) {
            fail("docs/reference is not what the directives say: " + stale + "\nrenew it: " + RENEW);
        }
    }

    private static void write(Map<String, String> pages) throws IOException {
        Files.createDirectories(FOLDER);
        for (Path file : committed()) {
            Files.delete(file);
        }
        for (Map.Entry<String, String> page : pages.entrySet()) {
            Files.writeString(FOLDER.resolve(page.getKey()), page.getValue());
        }
    }

    private static List<Path> committed() throws IOException {
        if (!Files.isDirectory(FOLDER)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.toList();
        }
    }

    @Test
    void everyDirectiveHasASentenceAndAnExample() {
        List<String> wanting = new ArrayList<>();
        for (Directive<?> directive : directives()) {
            String says = directive.says();
            if (says.isBlank() || !Character.isUpperCase(says.charAt(0)) || !says.endsWith(".")) {
                wanting.add(directive.name() + ": a sentence, from capital to full stop: \"" + says + "\"");
            }
            if (!directive.example().contains(directive.name())) {
                wanting.add(directive.name() + ": an example that uses it");
            }
            if (directive.contexts().isEmpty()) {
                wanting.add(directive.name() + ": where it may stand");
            }
            if (directive.standing() == Standing.WITHOUT_EFFECT
                    && directive.note().isBlank()) {
                wanting.add(directive.name() + ": why it is without effect");
            }
        }
        assertThat(wanting).isEmpty();
    }

    /** Two declarations of one name for one place: only the first would ever be read. */
    @Test
    void aNameIsDeclaredOnceForEachPlace() {
        Set<String> seen = new HashSet<>();
        List<String> twice = new ArrayList<>();
        for (Directive<?> directive : directives()) {
            directive.contexts().forEach(place -> {
                if (!seen.add(directive.name() + " in " + place.text())) {
                    twice.add(directive.name() + " in " + place.text());
                }
            });
        }
        assertThat(twice).isEmpty();
    }

    static List<Directive<?>> directives() {
        List<Directive<?>> all = new ArrayList<>();
        for (Module module : Modules.all()) {
            all.addAll(module.directives());
        }
        return all;
    }
}
