package io.tidemark.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** YAML 1.2 to nodes that know their line and column. */
final class YamlText {
    /** Far more than a configuration needs; a mistake must not overflow the stack. */
    private static final int DEEPEST = 40;

    private static final int MOST_CODE_POINTS = 64 * 1024 * 1024;

    private YamlText() {}

    /** The documents of a text; none when it is no YAML, with the mistake noted. */
    static List<Node> documents(String text, Mistakes mistakes) {
        LoadSettings settings = LoadSettings.builder()
                .setUseMarks(true)
                .setSchema(new CoreSchema())
                .setAllowNonScalarKeys(true)
                .setCodePointLimit(MOST_CODE_POINTS)
                .build();
        List<Node> documents = new ArrayList<>();
        try {
            if (isShallow(settings, text, mistakes)) {
                new Compose(settings).composeAllFromString(text).forEach(documents::add);
            }
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> where = e.getProblemMark().or(e::getContextMark);
            mistakes.at(where, "not YAML: " + (e.getProblem() == null ? e.getContext() : e.getProblem()));
            return List.of();
        } catch (YamlEngineException e) {
            mistakes.at(Optional.empty(), "not YAML: " + firstLine(e));
            return List.of();
        }
        for (Node document : documents) {
            if (isTooDeep(document, DEEPEST)) {
                mistakes.at(document, "an anchor must not be used inside itself");
                return List.of();
            }
        }
        return documents;
    }

    /** The engine composes nodes by recursion, so depth is looked at in its events before. */
    private static boolean isShallow(LoadSettings settings, String text, Mistakes mistakes) {
        int depth = 0;
        for (Event event : new Parse(settings).parseString(text)) {
            if (event instanceof CollectionStartEvent) {
                depth++;
            } else if (event instanceof CollectionEndEvent) {
                depth--;
            }
            if (depth > DEEPEST) {
                mistakes.at(event.getStartMark(), "nested more than " + DEEPEST + " levels deep");
                return false;
            }
        }
        return true;
    }

    private static String firstLine(YamlEngineException e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return message.lines().findFirst().orElse(message);
    }

    private static boolean isTooDeep(Node node, int levelsLeft) {
        if (node instanceof ScalarNode) {
            return false;
        }
        if (levelsLeft == 0) {
            return true;
        }
        if (node instanceof SequenceNode sequence) {
            return sequence.getValue().stream().anyMatch(child -> isTooDeep(child, levelsLeft - 1));
        }
        for (NodeTuple entry : ((MappingNode) node).getValue()) {
            if (isTooDeep(entry.getKeyNode(), levelsLeft - 1) || isTooDeep(entry.getValueNode(), levelsLeft - 1)) {
                return true;
            }
        }
        return false;
    }
}
