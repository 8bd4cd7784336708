package io.tidemark.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class WorkerLibrariesTest {
    /** Lines such as {@code |  +- (org.slf4j:slf4j-api:jar:2.0.17:compile - omitted for duplicate)}. */
    private static final Pattern LINE = Pattern.compile(
            "((?:[|] {2}| {3})*)(?:[+\\\\]- )\\(?([^:]+:[^:]+):jar:(?:[^:]+:)?[^: ]+:(?:compile|runtime)");

    /** As in Storm's release, and nothing of ours. */
    @Test
    void aWorkerGetsStormsClientWithItsRuntimeClosureAndNothingElse() throws IOException {
        Map<String, Set<String>> needs = new HashMap<>();
        List<String> above = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("target/dependency-tree.txt"))) {
            Matcher match = LINE.matcher(line);
            if (match.lookingAt()) {
                int depth = match.group(1).length() / 3;
                while (above.size() > depth) {
                    above.remove(above.size() - 1);
                }
                if (!above.isEmpty()) {
                    needs.computeIfAbsent(above.get(above.size() - 1), k -> new HashSet<>())
                            .add(match.group(2));
                }
                above.add(match.group(2));
            }
        }
        Set<String> closure = new TreeSet<>();
        add("org.apache.storm:storm-client", needs, closure);
        assertThat(WorkerLibraries.artifacts())
                .as("worker-libraries.txt should be:%n%s", String.join("\n", closure))
                .containsExactlyElementsOf(closure);
    }

    private static void add(String artifact, Map<String, Set<String>> needs, Set<String> closure) {
        if (closure.add(artifact)) {
            needs.getOrDefault(artifact, Set.of()).forEach(each -> add(each, needs, closure));
        }
    }
}
