package io.tidemark.deploy;

import static io.tidemark.deploy.Repository.map;
import static io.tidemark.deploy.Repository.words;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.app.Tidemark;
import io.tidemark.submit.Submit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The Kubernetes example by the rules of the compose file. */
class KubernetesTest {
    private static final List<Map<String, Object>> OBJECTS = Repository.yaml("docker/kubernetes/tidemark.yaml");

    @Test
    void imagesAndOptionsAreThoseOfTheComposeFile() {
        Map<String, Object> services =
                map(Repository.yaml("docker/compose.yaml").get(0).get("services"));
        Set<String> images = new HashSet<>();
        services.values()
                .forEach(service -> images.add(
                        String.valueOf(map(service).get("image")).replaceAll("\\$\\{[A-Z_]+:-([^}]*)}", "$1")));
        for (Map<String, Object> container : containers()) {
            assertThat(images).contains((String) container.get("image"));
            String[] arguments = words(container.get("args")).toArray(String[]::new);
            switch ((String) container.get("name")) {
                case "gateway" -> new CommandLine(new Tidemark()).parseArgs(arguments);
                case "submit" -> new CommandLine(new Submit()).parseArgs(arguments);
                default -> assertThat(arguments).isEmpty();
            }
        }
    }

    @Test
    void podsAreHardenedCheckedAndBounded() {
        int pods = 0;
        for (Map<String, Object> object : OBJECTS) {
            Map<String, Object> pod = pod(object);
            if (pod.isEmpty()) {
                continue;
            }
            pods++;
            assertThat(pod.get("automountServiceAccountToken")).isEqualTo(false);
            assertThat(map(pod.get("securityContext"))).containsEntry("runAsNonRoot", true);
            Set<String> volumes = new HashSet<>();
            ((List<?>) pod.getOrDefault("volumes", List.of())).forEach(v -> volumes.add((String) map(v).get("name")));
            ((List<?>) map(object.get("spec")).getOrDefault("volumeClaimTemplates", List.of()))
                    .forEach(claim ->
                            volumes.add((String) map(map(claim).get("metadata")).get("name")));
            for (Map<String, Object> container : containers(pod)) {
                assertThat(map(container.get("securityContext")))
                        .containsEntry("allowPrivilegeEscalation", false)
                        .containsEntry("capabilities", Map.of("drop", List.of("ALL")));
                assertThat(map(container.get("resources"))).containsKeys("requests", "limits");
                if (!"Job".equals(object.get("kind"))) {
                    assertThat(container).containsKeys("readinessProbe", "livenessProbe");
                }
                ((List<?>) container.getOrDefault("volumeMounts", List.of()))
                        .forEach(mount ->
                                assertThat(volumes).contains((String) map(mount).get("name")));
            }
        }
        assertThat(pods).isEqualTo(3);
    }

    @Test
    void noSecretIsInIt() {
        assertThat(OBJECTS).noneMatch(object -> "Secret".equals(object.get("kind")));
    }

    private static List<Map<String, Object>> containers() {
        List<Map<String, Object>> all = new ArrayList<>();
        OBJECTS.forEach(object -> all.addAll(containers(pod(object))));
        assertThat(all).hasSize(3);
        return all;
    }

    private static List<Map<String, Object>> containers(Map<String, Object> pod) {
        List<Map<String, Object>> containers = new ArrayList<>();
        ((List<?>) pod.getOrDefault("containers", List.of())).forEach(container -> containers.add(map(container)));
        return containers;
    }

    private static Map<String, Object> pod(Map<String, Object> object) {
        return map(map(map(object.get("spec")).get("template")).get("spec"));
    }
}
