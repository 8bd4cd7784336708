package io.tidemark.stream;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * A configuration as it is stored beside the counts: the text as it was written and, where it names lookup files, a
 * second YAML document with their contents, so that readers need no files.
 */
final class StoredText {
    private static final String FILES = "lookup-files";

    private StoredText() {}

    static String of(String yaml, Map<String, String> files) {
        if (files.isEmpty()) {
            return yaml;
        }
        StringBuilder text = new StringBuilder(yaml);
        text.append(yaml.endsWith("\n") ? "" : "\n")
                .append("---\n")
                .append(FILES)
                .append(":\n");
        files.forEach((path, content) -> text.append("  ? ")
                .append(quoted(path))
                .append("\n  : ")
                .append(quoted(content))
                .append('\n'));
        return text.toString();
    }

    /** The contents of lookup files, by path. */
    static Map<String, String> files(String stored) {
        List<Node> documents = YamlText.documents(stored, new Mistakes());
        Map<String, String> files = new LinkedHashMap<>();
        if (documents.size() == 2 && documents.get(1) instanceof MappingNode root) {
            root.getValue().stream()
                    .filter(entry -> entry.getKeyNode() instanceof ScalarNode key
                            && key.getValue().equals(FILES))
                    .filter(entry -> entry.getValueNode() instanceof MappingNode)
                    .flatMap(entry -> ((MappingNode) entry.getValueNode()).getValue().stream())
                    .forEach(entry -> {
                        if (entry.getKeyNode() instanceof ScalarNode path
                                && entry.getValueNode() instanceof ScalarNode content) {
                            files.put(path.getValue(), content.getValue());
                        }
                    });
        }
        return files;
    }

    /** As a double-quoted YAML scalar on one line. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
            } else if (c >= 0x20 && c < 0x7f || c >= 0xa0 && c < 0x2000 || Character.isSurrogate((char) c)) {
                quoted.append((char) c);
            } else {
                quoted.append(String.format("\\u%04x", c));
            }
        });
        return quoted.append('"').toString();
    }
}
