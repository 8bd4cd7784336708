package io.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The commands of a Grafana dashboard, as the Redis data source sends them. */
final class DashboardCommands {
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    private final JsonNode dashboard;

    private DashboardCommands(JsonNode dashboard) {
        this.dashboard = dashboard;
    }

    static DashboardCommands read(Path file) throws IOException {
        return new DashboardCommands(new ObjectMapper().readTree(file.toFile()));
    }

    /** The command behind a variable of the dashboard. @param values of other variables, by name */
    List<String> variable(String name, Map<String, String> values) {
        return words(replaced(variableNode(name).path("query").asText(), values));
    }

    /** What a variable takes of the lines of its answer. */
    Pattern variablePattern(String name) {
        String slashed = variableNode(name).path("regex").asText();
        return Pattern.compile(slashed.substring(1, slashed.length() - 1));
    }

    /** The command of each panel, by the panel's title. @param values of variables, by name */
    Map<String, List<String>> panels(Map<String, String> values) {
        Map<String, List<String>> commands = new LinkedHashMap<>();
        for (JsonNode panel : dashboard.path("panels")) {
            if (panel.path("targets").size() != 1) {
                throw new IllegalStateException("not one target: " + panel);
            }
            commands.put(
                    panel.path("title").asText(), command(panel.path("targets").get(0), values));
        }
        return commands;
    }

    private JsonNode variableNode(String name) {
        for (JsonNode variable : dashboard.path("templating").path("list")) {
            if (variable.path("name").asText().equals(name)) {
                return variable;
            }
        }
        throw new IllegalStateException("no variable " + name);
    }

    private static List<String> command(JsonNode target, Map<String, String> values) {
        String key = replaced(target.path("keyName").asText(), values);
        List<String> command = new ArrayList<>();
        switch (target.path("type").asText()) {
            case "cli" -> command.addAll(words(replaced(target.path("query").asText(), values)));
            case "command" -> {
                command.add(target.path("command").asText());
                command.add(key);
                switch (command.get(0)) {
                    case "hgetall" -> {}
                    case "hget" -> command.add(target.path("field").asText());
                    case "hmget" -> command.addAll(words(target.path("field").asText()));
                    case "zrange" ->
                        command.addAll(List.of(
                                target.path("min").asText(), target.path("max").asText(), "WITHSCORES"));
                    default -> throw new IllegalStateException("unknown to this test: " + target);
                }
            }
            default -> throw new IllegalStateException("unknown to this test: " + target);
        }
        return command;
    }

    private static String replaced(String text, Map<String, String> values) {
        Matcher variables = Pattern.compile("\\$(\\w+)").matcher(text);
        return variables.replaceAll(found -> Matcher.quoteReplacement(values.get(found.group(1))));
    }

    private static List<String> words(String line) {
        return WORD.matcher(line)
                .results()
                .map(word -> word.group(1) == null ? word.group(2) : word.group(1))
                .toList();
    }
}
