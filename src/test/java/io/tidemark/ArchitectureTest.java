package io.tidemark;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The tree tells the story: the core's packages stand in the order of the data's way, and look only back. */
class ArchitectureTest {
    private static final List<String> WAY =
            List.of("stream", "plan", "event", "category", "tally", "commit", "cut", "query", "verify");

    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(WAY.stream().map(step -> "io.tidemark." + step).toList());

    @TestFactory
    List<DynamicTest> aStepKnowsOnlyTheStepsBeforeIt() {
        List<DynamicTest> tests = new ArrayList<>();
        for (int i = 0; i < WAY.size() - 1; i++) {
            String step = WAY.get(i);
            String[] later = WAY.subList(i + 1, WAY.size()).stream()
                    .map(name -> "io.tidemark." + name + "..")
                    .toArray(String[]::new);
            tests.add(DynamicTest.dynamicTest(
                    step,
                    () -> noClasses()
                            .that()
                            .resideInAPackage("io.tidemark." + step + "..")
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(later)
                            .allowEmptyShould(true)
                            .check(CORE)));
        }
        return tests;
    }

    @Test
    void theCoreKnowsNeitherStormNorKafka() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.storm..", "org.apache.kafka..")
                .check(CORE);
    }

    @Test
    void onlyTheCommitAndTheCutSpeakRedis() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.tidemark.commit..", "io.tidemark.cut..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("redis.clients..")
                .check(CORE);
    }

    @Test
    void noClassIsNamedAfterNothing() {
        noClasses()
                .should()
                .haveNameMatching(".*(Util|Utils|Helper|Helpers|Manager|Data)")
                .check(CORE);
    }
}
