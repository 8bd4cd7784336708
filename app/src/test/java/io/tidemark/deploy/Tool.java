package io.tidemark.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Programs that may be on this machine or not. */
final class Tool {
    private static final long SECONDS = 60;

    /** @param exitCode of the program @param said on both outputs */
    record Run(int exitCode, String said) {}

    private Tool() {}

    /** Where it is; else the test is aborted, and says what was not checked. */
    static String needed(String name, String debianOrNpm) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Arrays.stream(path.split(File.pathSeparator))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Path::toString)
                .orElseGet(() -> abort("there is no " + name + " on this machine (" + debianOrNpm + ")"));
    }

    /** Says loudly that something was not checked: an aborted test is no passed one. */
    static <T> T abort(String why) {
        System.err.println("NOT CHECKED: " + why);
        return Assumptions.abort("NOT CHECKED: " + why);
    }

    static Run run(Map<String, String> environment, List<String> command) throws IOException, InterruptedException {
        File said = File.createTempFile("tidemark", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        try {
            assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS))
                    .as("%s ends", command)
                    .isTrue();
            return new Run(process.exitValue(), Files.readString(said.toPath(), StandardCharsets.UTF_8));
        } finally {
            process.destroyForcibly();
            Files.delete(said.toPath());
        }
    }
}
