package io.tidemark.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The files of this checkout. */
final class Repository {
    static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    static final Path DOCKER = ROOT.resolve("docker");

    private Repository() {}

    static String text(String path) {
        try {
            return Files.readString(ROOT.resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The documents of a YAML file. */
    static List<Map<String, Object>> yaml(String path) {
        List<Map<String, Object>> documents = new ArrayList<>();
        new Load(LoadSettings.builder().setLabel(path).build())
                .loadAllFromString(text(path))
                .forEach(document -> documents.add(map(document)));
        return documents;
    }

    @SuppressWarnings("unchecked") // YAML's mappings have names here
    static Map<String, Object> map(Object node) {
        return node == null ? Map.of() : (Map<String, Object>) node;
    }

    static List<String> words(Object node) {
        if (node instanceof List<?> list) {
            return list.stream().map(String::valueOf).toList();
        }
        return node == null ? List.of() : List.of(String.valueOf(node).split(" "));
    }

    /** The texts of all main sources with this ending. */
    static List<String> sources(String ending) {
        List<String> texts = new ArrayList<>();
        for (String module : List.of("src", "trident", "drpc", "app")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module))) {
                files.filter(file -> file.toString().endsWith(ending))
                        .filter(file -> file.toString().contains("/main/"))
                        .filter(file -> !file.toString().contains("/target/"))
                        .forEach(file -> texts.add(text(ROOT.relativize(file).toString())));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return texts;
    }

    static String version() {
        return text("pom.xml").replaceFirst("(?s).*?<version>([^<]+)</version>.*", "$1");
    }
}
