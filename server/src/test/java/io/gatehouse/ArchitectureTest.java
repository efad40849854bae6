package io.gatehouse;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The rules of the house (docs/design/architecture.md), held against every class of the product. */
class ArchitectureTest {
    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.gatehouse");

    @Test
    void packagesFormNoCycles() {
        hold(slices().matching("io.gatehouse.(**)").should().beFreeOfCycles());
    }

    @Test
    void syntaxNeedsOnlyTheJdk() {
        hold(classes()
                .that()
                .resideInAPackage("io.gatehouse.config.syntax..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify.annotations..", "io.gatehouse.config.syntax.."));
    }

    @Test
    void thePathOfARequestKnowsNoModule() {
        hold(noClasses()
                .that()
                .resideInAnyPackage("io.gatehouse.exchange..", "io.gatehouse.phase..", "io.gatehouse.route..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.gatehouse.module.."));
    }

    @Test
    void oneModuleNeverUsesAnother() {
        hold(slices().matching("io.gatehouse.module.(*)..").should().notDependOnEachOther());
    }

    @Test
    void onlyWireSeesChannelsAndTlsEngines() {
        hold(noClasses()
                .that()
                .resideOutsideOfPackage("io.gatehouse.wire..")
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "io.netty.channel..", "io.netty.handler.ssl..", "io.netty.internal.tcnative..")
                        .or(belongToAnyOf(javax.net.ssl.SSLEngine.class))));
    }

    @Test
    void nothingUsesTheCommandLine() {
        hold(noClasses()
                .that()
                .resideOutsideOfPackage("io.gatehouse.cli..")
                .and()
                .doNotBelongToAnyOf(Main.class)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.gatehouse.cli.."));
    }

    @Test
    void onlyTheCommandLineAndTheLogsPrint() {
        ArchRule rule = noClasses()
                .that()
                .resideOutsideOfPackages("io.gatehouse.cli..", "io.gatehouse.observe.log..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethodWhere(calls("java\\.lang\\.Throwable", "printStackTrace"));
        hold(rule);
    }

    /** Only {@code wire}, whose loops are the clock of everybody else, and the command line ask the machine. */
    @Test
    void nobodyLooksAtAnotherClock() {
        hold(noClasses()
                .that()
                .resideOutsideOfPackages("io.gatehouse.wire..", "io.gatehouse.cli..")
                .should()
                .callMethodWhere(calls("java\\.lang\\.System", "nanoTime|currentTimeMillis"))
                .orShould()
                .callMethodWhere(calls("java\\.time\\..*", "now|systemUTC|systemDefaultZone|tick.*")));
    }

    @Test
    void nobodySleeps() {
        hold(noClasses()
                .should()
                .callMethodWhere(calls("java\\.lang\\.Thread|java\\.util\\.concurrent\\.TimeUnit", "sleep"))
                .orShould()
                .callMethodWhere(calls("java\\.util\\.concurrent\\.locks\\.LockSupport", "park.*")));
    }

    @Test
    void namesSayWhatIsThere() {
        hold(noClasses()
                .should()
                .haveNameMatching(".*[.$](\\w*(Manager|Helper|Helpers|Util|Utils|Impl)|Abstract\\w*)"));
        hold(noClasses().that().areInterfaces().should().haveNameMatching(".*[.$]I[A-Z][a-z]\\w*"));
    }

    @Test
    void everyPackageIsNullMarked() {
        assertThat(packagesWithClasses()
                        .filter(p -> !p.isAnnotatedWith(NullMarked.class))
                        .map(JavaPackage::getName))
                .as("packages whose package-info.java lacks @NullMarked")
                .isEmpty();
    }

    /** Also what it is made of, as far as it belongs to the configuration and not to what outlives a reload. */
    @Test
    void aSnapshotNeverChanges() {
        assertThat(partsOfSnapshot()
                        .flatMap(part -> part.getFields().stream())
                        .filter(field -> !field.getModifiers().contains(JavaModifier.STATIC))
                        .filter(field -> !field.getModifiers().contains(JavaModifier.FINAL))
                        .map(JavaField::getFullName))
                .as("fields reachable from a Snapshot that are not final")
                .isEmpty();
    }

    private static Stream<JavaClass> partsOfSnapshot() {
        Set<JavaClass> parts = new LinkedHashSet<>();
        Deque<JavaClass> toVisit = new ArrayDeque<>(PRODUCT.stream()
                .filter(c -> c.getSimpleName().equals("Snapshot"))
                .toList());
        while (!toVisit.isEmpty()) {
            JavaClass part = toVisit.pop();
            if (resideInAnyPackage("io.gatehouse.config..", "io.gatehouse.route..")
                            .test(part)
                    && parts.add(part)) {
                part.getFields().forEach(field -> toVisit.addAll(field.getAllInvolvedRawTypes()));
            }
        }
        return parts.stream();
    }

    private static Stream<JavaPackage> packagesWithClasses() {
        return PRODUCT.stream()
                .filter(c -> !c.getSimpleName().equals("package-info"))
                .map(JavaClass::getPackage)
                .distinct();
    }

    private static DescribedPredicate<JavaCall<?>> calls(String owner, String method) {
        return DescribedPredicate.describe(
                "%s.%s".formatted(owner, method),
                call -> nameMatching(owner).test(call.getTargetOwner())
                        && call.getName().matches(method));
    }

    /** Rooms that are not there yet break no rule. */
    private static void hold(ArchRule rule) {
        rule.allowEmptyShould(true).check(PRODUCT);
    }
}
