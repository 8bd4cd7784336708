package io.tidemark.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What is optional is known in one place each. */
class ArchitectureTest {
    private static final JavaClasses CLIENT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.tidemark.client");

    @Test
    void onlyTheDrpcServerKnowsStorm() {
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.DrpcServer(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.storm..")
                .check(CLIENT);
    }

    @Test
    void onlyTimersKnowMicrometer() {
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.(MicrometerTiming|Tidemark\\$Builder)")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.micrometer..")
                .check(CLIENT);
    }

    @Test
    void noRedisNoKafkaNoCore() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "redis.clients..",
                        "org.apache.kafka..",
                        "io.tidemark.query..",
                        "io.tidemark.cut..",
                        "io.tidemark.commit..",
                        "io.tidemark.stream..")
                .check(CLIENT);
    }
}
