package io.tidemark.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The Dockerfile by its own rules, and by a linter where there is one. */
class DockerfileTest {
    private static final String TEXT = Repository.text("docker/Dockerfile");

    @Test
    void everyBaseIsPinnedAndEveryFinalImageIsChecksItselfAndIsNotRoot() {
        Map<String, List<String>> stages = stages();
        assertThat(stages.keySet()).containsExactly("build", "tidemark", "storm");
        stages.forEach((name, lines) -> {
            assertThat(lines.get(0)).matches("FROM [a-z/-]+:[0-9]+\\.[0-9]+\\.[0-9]+[A-Za-z0-9._-]* AS " + name);
            assertThat(lines)
                    .as(name)
                    .noneMatch(line -> line.matches("ADD .*|.*(latest|sudo|chmod 777|curl .*\\| *sh).*"));
            if (!name.equals("build")) {
                assertThat(lines).as(name).anyMatch(line -> line.startsWith("HEALTHCHECK ") && line.contains(" CMD ["));
                assertThat(lines.stream()
                                .filter(line -> line.startsWith("USER "))
                                .reduce((a, b) -> b))
                        .as(name)
                        .contains("USER 1000:1000");
            }
        });
    }

    @Test
    void whatIsCopiedIsThereOrIsBuilt() {
        List<String> built = new ArrayList<>();
        for (String line : instructions()) {
            String[] words = line.split("\\s+");
            if (!words[0].equals("COPY")) {
                continue;
            }
            for (int i = 1; i < words.length - 1; i++) {
                if (words[1].equals("--from=build")) {
                    built.add(words[2]);
                } else if (!words[i].equals(".")) {
                    assertThat(Repository.ROOT.resolve(words[i])).as(line).exists();
                }
            }
        }
        assertThat(built)
                .isNotEmpty()
                .allSatisfy(path -> assertThat(TEXT).contains("mkdir -p ").contains(path));
    }

    @Test
    void aLinterFindsNothing() throws Exception {
        String linter = Tool.needed("dockerfilelint", "npm install -g dockerfilelint@1.8.0");
        Tool.Run run = Tool.run(
                Map.of(),
                List.of(linter, Repository.DOCKER.resolve("Dockerfile").toString()));
        assertThat(run.said()).contains("Issues: None found");
        assertThat(run.exitCode()).isZero();
    }

    private static Map<String, List<String>> stages() {
        Map<String, List<String>> stages = new LinkedHashMap<>();
        String stage = "";
        for (String line : instructions()) {
            if (line.startsWith("FROM ")) {
                stage = line.substring(line.lastIndexOf(' ') + 1);
            }
            stages.computeIfAbsent(stage, s -> new ArrayList<>()).add(line);
        }
        return stages;
    }

    /** Each in one line, without comments. */
    private static List<String> instructions() {
        return TEXT.replaceAll("\\\\\n\\s*", "")
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
    }
}
