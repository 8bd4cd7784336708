package io.tidemark.stream;

import io.tidemark.stream.Deployment.Setting;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads the section {@code topology} of a configuration. */
final class DeploymentReader {
    private static final Pattern MILLISECONDS = Pattern.compile("([0-9]{1,9})ms");

    private final Mistakes mistakes;

    DeploymentReader(Mistakes mistakes) {
        this.mistakes = mistakes;
    }

    Deployment read(Node node) {
        Section section = new Section(node, "topology", mistakes);
        section.allow("option of topology", Setting.keys());
        Map<Setting, Integer> asked = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            section.get(setting.key())
                    .ifPresent(value -> asked.put(
                            setting,
                            setting.unit().isEmpty()
                                    ? section.number(
                                            setting.key(), setting.least(), setting.most(), setting.otherwise())
                                    : time(setting, value)));
        }
        return new Deployment(asked);
    }

    private int time(Setting setting, Node value) {
        String text = value instanceof ScalarNode scalar ? scalar.getValue() : "";
        OptionalLong given = millis(text).stream()
                .map(millis -> setting.unit().equals("s") ? (millis % 1_000 == 0 ? millis / 1_000 : -1) : millis)
                .filter(count -> count >= setting.least() && count <= setting.most())
                .findFirst();
        if (given.isPresent()) {
            return (int) given.getAsLong();
        }
        mistakes.at(
                value,
                setting.key() + " must be a length of time from " + setting.least() + setting.unit() + " to "
                        + setting.most() + setting.unit() + ", such as " + setting.otherwise() + setting.unit()
                        + ", but this is " + Section.kind(value));
        return setting.otherwise();
    }

    private static OptionalLong millis(String text) {
        Matcher matcher = MILLISECONDS.matcher(text);
        return matcher.matches()
                ? OptionalLong.of(Long.parseLong(matcher.group(1)))
                : Names.duration(text).map(Duration::toMillis).stream()
                        .mapToLong(millis -> millis)
                        .findFirst();
    }
}
