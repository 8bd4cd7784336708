package io.tidemark.deploy;

import static io.tidemark.deploy.Repository.map;
import static io.tidemark.deploy.Repository.words;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Alerts, board and scraping name what is there. */
class PrometheusTest {
    private static final Pattern METRIC = Pattern.compile("\\btidemark_[a-z_]+\\b");

    @Test
    void everyAlertAsksForMetricsThatAreExported() {
        Set<String> exported = exported();
        List<Map<String, Object>> alerts = alerts();
        assertThat(alerts).hasSizeGreaterThan(10);
        for (Map<String, Object> alert : alerts) {
            String expression = (String) alert.get("expr");
            assertThat(exported).as(expression).containsAll(metricsIn(expression));
            assertThat(map(alert.get("labels")).get("severity")).isIn("critical", "warning");
            assertThat(map(alert.get("annotations"))).containsKeys("summary", "description");
        }
    }

    @Test
    void everyPanelOfTheBoardAsksForMetricsThatAreExported() throws Exception {
        JsonNode board = new ObjectMapper().readTree(Repository.text("docker/grafana/dashboards/operations.json"));
        List<String> expressions = new ArrayList<>();
        Set<Integer> ids = new TreeSet<>();
        board.path("panels").forEach(panel -> {
            assertThat(ids.add(panel.path("id").asInt())).isTrue();
            assertThat(panel.path("title").asText()).isNotEmpty();
            panel.path("targets")
                    .forEach(target -> expressions.add(target.path("expr").asText()));
            if (panel.has("targets")) {
                assertThat(panel.path("datasource").path("uid").asText()).isEqualTo("prometheus");
            }
        });
        assertThat(expressions).hasSizeGreaterThan(8);
        for (String expression : expressions) {
            assertThat(exported()).as(expression).containsAll(metricsIn(expression));
        }
        assertThat(Repository.yaml("docker/grafana/provisioning/datasources/prometheus.yaml")
                        .get(0)
                        .toString())
                .contains("uid=prometheus");
    }

    @Test
    void theBoardShowsWhatIsWorthAnAlert() {
        String board = Repository.text("docker/grafana/dashboards/operations.json");
        for (String metric : List.of(
                "tidemark_lag_records",
                "tidemark_storm_phase_milliseconds",
                "tidemark_storm_batches",
                "tidemark_rejected_records_total",
                "tidemark_late_records_total",
                "tidemark_cut_age_seconds")) {
            assertThat(board).contains(metric);
        }
    }

    @Test
    void whatIsAskedIsAServiceOfTheComposeFile() {
        Map<String, Object> services =
                map(Repository.yaml("docker/compose.yaml").get(0).get("services"));
        Map<String, Object> config =
                Repository.yaml("docker/prometheus/prometheus.yml").get(0);
        for (Object job : (List<?>) config.get("scrape_configs")) {
            for (Object group : (List<?>) map(job).get("static_configs")) {
                for (String target : words(map(group).get("targets"))) {
                    assertThat(services).containsKey(target.replaceFirst(":.*", ""));
                }
            }
        }
        List<String> mounts = words(map(services.get("prometheus")).get("volumes"));
        for (String file : words(config.get("rule_files"))) {
            assertThat(mounts).contains("./prometheus/" + file + ":/etc/prometheus/" + file + ":ro");
        }
    }

    /** Each of Storm's names goes one way; what it becomes is what alerts ask for. */
    @Test
    void stormsNamesBecomePrometheuss() {
        String before = "storm.topology.tidemark-wiki-1-1764056000.0f3a_example_org.b-1.7.6700-tidemark.my-wiki.";
        Map<String, String> becomes = Map.ofEntries(
                Map.entry("plan.p99", "tidemark_storm_phase_milliseconds"),
                Map.entry("parse.max", "tidemark_storm_phase_milliseconds"),
                Map.entry("commit.count", "tidemark_storm_phase_runs"),
                Map.entry("out-of-step.count", "tidemark_storm_batches"),
                Map.entry("replays.count", "tidemark_storm_batches"),
                Map.entry("records.count", "tidemark_storm_records"),
                Map.entry("late.count", "tidemark_storm_records"),
                Map.entry("lag.12", "tidemark_storm_lag"),
                Map.entry("cut-age-ms", "tidemark_storm_cut_age_milliseconds"),
                Map.entry("commit.p75", ""),
                Map.entry("lag", ""));
        becomes.forEach((metric, name) ->
                assertThat(mapped(before + metric)).as(metric).isEqualTo(name.isEmpty() ? List.of() : List.of(name)));
        Matcher labels =
                Pattern.compile((String) mappings().get(4).get("match")).matcher(before + "lag.12");
        assertThat(labels.matches()).isTrue();
        assertThat(List.of(labels.group(1), labels.group(2), labels.group(3), labels.group(4), labels.group(5)))
                .containsExactly("tidemark-wiki-1-1764056000", "b-1", "7", "my-wiki", "12");
    }

    @Test
    void promtoolFindsNothingAndEachAlertFiresWhenItShould() throws Exception {
        String promtool = Tool.needed("promtool", "Debian package prometheus");
        Tool.Run run = Tool.run(
                Map.of(),
                List.of(
                        promtool,
                        "check",
                        "config",
                        Repository.DOCKER.resolve("prometheus/prometheus.yml").toString()));
        assertThat(run.exitCode()).as(run.said()).isZero();
        assertThat(run.said()).contains(alerts().size() + " rules found");
        Tool.Run tests = Tool.run(
                Map.of(),
                List.of(
                        promtool,
                        "test",
                        "rules",
                        Repository.DOCKER.resolve("prometheus/alerts_test.yml").toString()));
        assertThat(tests.exitCode()).as(tests.said()).isZero();
    }

    @Test
    void everyAlertHasATestOfItsOwn() {
        String tests = Repository.text("docker/prometheus/alerts_test.yml");
        for (Map<String, Object> alert : alerts()) {
            assertThat(tests).containsPattern("\\b" + alert.get("alert") + "\\b");
        }
    }

    @Test
    void thePageOfMetricsListsWhatTheGatewayExports() {
        Set<String> listed = new TreeSet<>();
        Repository.text("docs/metrics.md")
                .lines()
                .filter(line -> line.startsWith("| `tidemark_"))
                .forEach(line -> listed.addAll(metricsIn(line.substring(0, line.indexOf('|', 1)))));
        assertThat(listed).isEqualTo(exportedByTheGateway());
    }

    static List<Map<String, Object>> alerts() {
        List<Map<String, Object>> alerts = new ArrayList<>();
        for (Object group :
                (List<?>) Repository.yaml("docker/prometheus/alerts.yml").get(0).get("groups")) {
            for (Object rule : (List<?>) map(group).get("rules")) {
                alerts.add(map(rule));
            }
        }
        return alerts;
    }

    private static List<Map<String, Object>> mappings() {
        return ((List<?>)
                        Repository.yaml("docker/prometheus/graphite.yml").get(0).get("mappings"))
                .stream().map(Repository::map).toList();
    }

    private static List<String> mapped(String name) {
        return mappings().stream()
                .filter(mapping -> name.matches((String) mapping.get("match")))
                .map(mapping -> (String) mapping.get("name"))
                .toList();
    }

    private static Set<String> metricsIn(String expression) {
        Set<String> metrics = new TreeSet<>();
        Matcher found = METRIC.matcher(expression);
        while (found.find()) {
            metrics.add(found.group());
        }
        return metrics;
    }

    /** By the gateway, as its sources name them, and by Storm, as the exporter's mapping does. */
    private static Set<String> exported() {
        Set<String> exported = new TreeSet<>();
        mappings().forEach(mapping -> exported.add((String) mapping.get("name")));
        exported.addAll(exportedByTheGateway());
        return exported;
    }

    static Set<String> exportedByTheGateway() {
        Set<String> exported = new TreeSet<>();
        for (String source : Repository.sources(".java")) {
            if (!source.startsWith("package io.tidemark.gateway")) {
                continue;
            }
            Matcher name = Pattern.compile("(\\w+)\\(\\s*(?:now,\\s*)?\"(tidemark(?:\\.[a-z]+)+)\"")
                    .matcher(source);
            while (name.find()) {
                String metric = name.group(2).replace('.', '_');
                switch (name.group(1)) {
                    case "count" -> exported.add(metric + "_total");
                    case "age" -> exported.add(metric + "_seconds");
                    case "builder" -> exported.addAll(builder(source, name.start(), metric));
                    default -> exported.add(metric);
                }
            }
        }
        return exported;
    }

    private static List<String> builder(String source, int at, String metric) {
        String type = source.substring(Math.max(0, at - 20), at).replaceFirst("(?s).*?(\\w+)\\.$", "$1");
        return switch (type) {
            case "FunctionCounter", "Counter" -> List.of(metric + "_total");
            case "Timer" -> List.of(metric + "_seconds", metric + "_seconds_count", metric + "_seconds_sum");
            default -> List.of(metric);
        };
    }
}
