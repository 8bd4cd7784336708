package io.tidemark.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The directions inside the gateway. */
class ArchitectureTest {
    private static final JavaClasses GATEWAY = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.tidemark.gateway");

    @Test
    void theLiveSideKnowsNothingOfHttp() {
        noClasses()
                .that()
                .resideInAPackage("io.tidemark.gateway.live")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.tidemark.gateway", "org.eclipse.jetty.server..", "org.eclipse.jetty.http..")
                .check(GATEWAY);
    }

    @Test
    void onlyTheSubscriptionAndTheListOfStreamsSpeakRedis() {
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.(CommitListener|StreamList)(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("redis.clients..")
                .check(GATEWAY);
    }

    @Test
    void theGatewayKnowsNeitherStormNorKafka() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.storm..", "org.apache.kafka..", "io.tidemark.client..")
                .check(GATEWAY);
    }
}
