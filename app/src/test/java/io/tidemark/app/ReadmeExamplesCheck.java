package io.tidemark.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.app.service.ServiceInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Runs the examples of README's section on HTTP and WebSocket as they stand, against a running gateway. */
final class ReadmeExamplesCheck {
    private static final String SECTION = "## Ask over HTTP and WebSocket";
    private static final Pattern FENCED = Pattern.compile("```(bash|python|javascript)\n(.*?)```", Pattern.DOTALL);
    private static final int SECONDS = 60;

    private ReadmeExamplesCheck() {}

    /** @param bots what each example shows of {@code bot} */
    static void run(ServiceInfo info, Path folder, long bots) throws Exception {
        List<String> languages = new ArrayList<>();
        Matcher example = FENCED.matcher(section());
        while (example.find()) {
            String language = example.group(1);
            String program = example.group(2)
                    .replace("127.0.0.1:2546", info.http())
                    .replace("2546", info.http().substring(info.http().indexOf(':') + 1));
            languages.add(language);
            List<String> command = command(language);
            if (command.isEmpty()) {
                System.err.println("ATTENTION: README's example in " + language
                        + " was not run, because what runs it is not installed here");
            } else {
                assertThat(output(folder, language, command, program))
                        .as(program)
                        .contains(Long.toString(bots));
            }
        }
        assertThat(languages).contains("bash", "python", "javascript");
    }

    private static String section() throws IOException {
        Path here = Path.of("").toAbsolutePath();
        String readme = Files.readString(Stream.of(here, here.getParent())
                .map(path -> path.resolve("README.md"))
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow());
        int begin = readme.indexOf(SECTION);
        assertThat(begin).as("README has the section " + SECTION).isNotNegative();
        int end = readme.indexOf("\n## ", begin + 1);
        return readme.substring(begin, end < 0 ? readme.length() : end);
    }

    private static List<String> command(String language) throws IOException, InterruptedException {
        return switch (language) {
            case "bash" -> isThere("bash") && isThere("curl") ? List.of("bash", "-euo", "pipefail") : List.of();
            case "python" -> isThere("python3") ? List.of("python3") : List.of();
            default -> node();
        };
    }

    /** Node has a WebSocket of its own from 22 on, and from 20.10 on when it is asked for it. */
    private static List<String> node() throws IOException, InterruptedException {
        if (!isThere("node")) {
            return List.of();
        }
        Process process = new ProcessBuilder("node", "--version").start();
        String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        int major = Integer.parseInt(version.strip().replaceFirst("^v(\\d+).*", "$1"));
        return major >= 22 ? List.of("node") : major >= 20 ? List.of("node", "--experimental-websocket") : List.of();
    }

    private static boolean isThere(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static String output(Path folder, String language, List<String> command, String program)
            throws IOException, InterruptedException {
        Path file = Files.createTempFile(folder, "example", language.equals("javascript") ? ".mjs" : ".txt");
        Files.writeString(file, program);
        List<String> all = new ArrayList<>(command);
        all.add(file.toString());
        Path out = Files.createTempFile(folder, "example", ".out");
        Process process = new ProcessBuilder(all)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        String text = Files.readString(out);
        assertThat(ended).as(program + "\nhas not ended: " + text).isTrue();
        assertThat(process.exitValue()).as(program + "\n" + text).isZero();
        return text;
    }
}
