package io.tidemark.stream;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** The lookups of a configuration: written in it, or in files beside it. Remembers what it read from files. */
final class Lookups {
    /** @param keys the type that all keys have, or null when they come from a file and may be meant as any */
    record Read(Lookup lookup, FieldType keys, boolean hasGroups) {}

    private final Map<String, Read> named = new LinkedHashMap<>();
    private final Map<String, String> files = new LinkedHashMap<>();
    private final Path folder;
    private final Map<String, String> stored;
    private final Mistakes mistakes;

    /**
     * @param folder that files are relative to; null when none may be read
     * @param stored contents of files that are known already
     */
    Lookups(Path folder, Map<String, String> stored, Mistakes mistakes) {
        this.folder = folder;
        this.stored = stored;
        this.mistakes = mistakes;
    }

    /** Reads the section {@code lookups}. */
    void read(Node node) {
        Section section = new Section(node, "lookups", mistakes);
        for (String name : section.names()) {
            read(section.get(name).orElseThrow(), name).ifPresent(read -> named.put(name, read));
        }
    }

    /** What a rule names: a lookup of the section by its name, or one that is written in its place. */
    Optional<Read> resolve(Node node) {
        if (node instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.NULL)) {
            Read read = named.get(scalar.getValue());
            if (read == null) {
                mistakes.unknownWord(node, "lookup", scalar.getValue(), named.keySet());
            }
            return Optional.ofNullable(read);
        }
        return read(node, "in line " + Section.line(node));
    }

    /** Contents of the files that were read, by the path in the configuration. */
    Map<String, String> files() {
        return files;
    }

    private Optional<Read> read(Node node, String name) {
        if (node instanceof SequenceNode list) {
            return values(list, name);
        }
        if (node instanceof MappingNode mapping && hasKey(mapping, "file")) {
            return file(new Section(node, "lookup " + name, mistakes), name);
        }
        if (node instanceof MappingNode) {
            return groups(new Section(node, "lookup " + name, mistakes), name);
        }
        mistakes.at(
                node,
                "lookup " + name
                        + " must be a mapping of values to groups, a list of values, or file: PATH, but this is "
                        + Section.kind(node));
        return Optional.empty();
    }

    private static boolean hasKey(MappingNode mapping, String key) {
        return mapping.getValue().stream()
                .anyMatch(entry -> entry.getKeyNode() instanceof ScalarNode scalar
                        && scalar.isPlain()
                        && scalar.getValue().equals(key)
                        && entry.getValueNode() instanceof ScalarNode);
    }

    private Optional<Read> values(SequenceNode list, String name) {
        Map<String, String> groups = new LinkedHashMap<>();
        for (Node item : list.getValue()) {
            if (item instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.NULL)) {
                groups.put(scalar.getValue(), "");
            } else {
                mistakes.at(item, "lookup " + name + " lists values, but this is " + Section.kind(item));
            }
        }
        return Optional.of(new Read(new Lookup(name, groups), commonType(list.getValue()), false));
    }

    private Optional<Read> groups(Section section, String name) {
        Map<String, String> groups = new LinkedHashMap<>();
        for (String value : section.names()) {
            Node group = section.get(value).orElseThrow();
            Categories.literal(section, group, "the group of " + Mistakes.shown(value), mistakes)
                    .ifPresent(text -> groups.put(value, text));
        }
        List<Node> keys = section.names().stream().map(section::key).toList();
        return Optional.of(new Read(new Lookup(name, groups), commonType(keys), true));
    }

    private static FieldType commonType(List<Node> nodes) {
        if (!nodes.isEmpty() && nodes.stream().allMatch(n -> n.getTag().equals(Tag.INT))) {
            return FieldType.WHOLE_NUMBER;
        }
        if (!nodes.isEmpty() && nodes.stream().allMatch(n -> n.getTag().equals(Tag.BOOL))) {
            return FieldType.BOOLEAN;
        }
        return FieldType.TEXT;
    }

    private Optional<Read> file(Section section, String name) {
        section.allow("lookup option", List.of("file", "separator"));
        Optional<String> path = section.text("file");
        String separator =
                section.get("separator").isPresent() ? section.text("separator").orElse(",") : ",";
        Node node = section.get("file").orElseThrow();
        return path.flatMap(p -> content(node, p)).flatMap(content -> lines(node, name, content, separator));
    }

    private Optional<String> content(Node node, String path) {
        if (stored.containsKey(path)) {
            files.put(path, stored.get(path));
            return Optional.of(stored.get(path));
        }
        try {
            if (folder == null) {
                mistakes.at(node, "the lookup file " + Mistakes.shown(path) + " is not stored with this configuration");
                return Optional.empty();
            }
            String content = Files.readString(folder.resolve(path));
            files.put(path, content);
            return Optional.of(content);
        } catch (NoSuchFileException e) {
            mistakes.at(node, "there is no lookup file " + Mistakes.shown(path) + " in " + folder.toAbsolutePath());
        } catch (CharacterCodingException e) {
            mistakes.at(node, "the lookup file " + Mistakes.shown(path) + " is not UTF-8");
        } catch (InvalidPathException | IOException e) {
            mistakes.at(node, "the lookup file " + Mistakes.shown(path) + " cannot be read: " + e.getMessage());
        }
        return Optional.empty();
    }

    /** Lines of {@code value,group} or of {@code value}; blank lines and those that begin with {@code #} say nothing. */
    private Optional<Read> lines(Node node, String name, String content, String separator) {
        Map<String, String> groups = new LinkedHashMap<>();
        int number = 0;
        int withGroup = 0;
        for (String line : content.split("\r?\n|\r", -1)) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            int at = line.indexOf(separator);
            String value = (at < 0 ? line : line.substring(0, at)).strip();
            String group = at < 0 ? "" : line.substring(at + separator.length()).strip();
            String where = "line " + number + " of the file of lookup " + name;
            if (groups.putIfAbsent(value, group) != null) {
                mistakes.at(node, where + " has the value " + Mistakes.shown(value) + " for the second time");
                return Optional.empty();
            }
            if (!group.isEmpty()) {
                withGroup++;
                Optional<String> wrong = Categories.whatIsWrongWith(group);
                if (wrong.isPresent()) {
                    mistakes.at(node, where + ": the group " + Mistakes.shown(group) + " " + wrong.get());
                    return Optional.empty();
                }
            }
        }
        if (withGroup > 0 && withGroup < groups.size()) {
            mistakes.at(
                    node,
                    "in the file of lookup " + name + " some lines are \"value" + separator
                            + "group\" and some have no " + Mistakes.shown(separator));
            return Optional.empty();
        }
        return Optional.of(new Read(new Lookup(name, groups), null, withGroup > 0));
    }
}
