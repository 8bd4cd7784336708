package io.tidemark.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.app.Tidemark;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The runbook has a heading for each code that can be met and for each alert, and none for anything else. */
class RunbookTest {
    private static final String RUNBOOK = Repository.text("docs/runbook.md");

    /** Where a code is the first argument; a name in capitals or a further call is no code. */
    private static final List<Pattern> IN_JAVA = List.of(
            Pattern.compile("new (?:Refusal|RefusedException|QueryException)\\(\\s*\"([a-z][a-z-]+)\""),
            Pattern.compile("AnswerJson\\.error\\(\\s*stream,\\s*arguments,\\s*\"([a-z][a-z-]+)\""),
            Pattern.compile("\\berror\\(\\s*\"([a-z][a-z-]+)\""),
            Pattern.compile("Errors\\.json\\(\\s*\"([a-z][a-z-]+)\""),
            Pattern.compile("refuse\\((?:[^;\"]*,)?\\s*[0-9]{3},\\s*\"([a-z][a-z-]+)\""));

    private static final Pattern IN_LUA = Pattern.compile("refused\\('([a-z-]+)'");
    private static final Pattern IN_REFUSALS = Pattern.compile("case \"([a-z-]+)\" ->");

    @Test
    void everyCodeHasAHeadingAndNoHeadingIsWithoutACode() {
        assertThat(headings("### `([a-z-]+)`")).isEqualTo(codes());
    }

    @Test
    void everyExceptionOfTheClientHasAHeadingAndNoHeadingIsWithoutAnException() {
        Set<String> exceptions = new TreeSet<>();
        Repository.sources(".java")
                .forEach(source ->
                        addAll(exceptions, Pattern.compile("class (\\w+) extends TidemarkClientException"), source));
        assertThat(exceptions).isNotEmpty();
        assertThat(headings("### `([A-Z][A-Za-z]+)`")).isEqualTo(exceptions);
    }

    @Test
    void everyAlertHasAHeadingAndNoHeadingIsWithoutAnAlert() {
        Set<String> alerts = new TreeSet<>();
        PrometheusTest.alerts().forEach(alert -> alerts.add((String) alert.get("alert")));
        assertThat(headings("### ([A-Z][A-Za-z]+)")).isEqualTo(alerts);
    }

    @Test
    void everyEntrySaysWhatItMeansHowToLookAndWhatToDo() {
        String[] entries = RUNBOOK.split("\n### ");
        assertThat(entries).hasSizeGreaterThan(40);
        for (int i = 1; i < entries.length; i++) {
            String entry = entries[i].replaceFirst("(?s)\n## .*", "");
            assertThat(entry).contains("**Means.** ").contains("**Look.** ").contains("**Do.** ");
        }
    }

    @Test
    void everyCommandInItIsOneThatThereIs() {
        Matcher command =
                Pattern.compile("`(?:\\./)?tidemark ((?!--version)[^`]+)`").matcher(RUNBOOK);
        int commands = 0;
        while (command.find()) {
            new CommandLine(new Tidemark()).parseArgs(command.group(1).split("\\s+"));
            commands++;
        }
        assertThat(commands).isGreaterThan(10);
    }

    private static Set<String> codes() {
        Set<String> codes = new TreeSet<>();
        for (String source : Repository.sources(".java")) {
            IN_JAVA.forEach(pattern -> addAll(codes, pattern, source));
            if (source.contains("final class ScriptRefusals")) {
                addAll(codes, IN_REFUSALS, source);
            }
        }
        for (String script : Repository.sources(".lua")) {
            addAll(codes, IN_LUA, script);
        }
        return codes;
    }

    private static Set<String> headings(String pattern) {
        Set<String> headings = new TreeSet<>();
        addAll(headings, Pattern.compile("(?m)^" + pattern + "$"), RUNBOOK);
        return headings;
    }

    private static void addAll(Set<String> found, Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
    }
}
