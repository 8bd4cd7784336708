package io.tidemark.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What the command says without a service. */
class TidemarkTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine commandLine = Tidemark.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments);
    }

    @Test
    void helpIsOfTheCommandThatWasNamedToItsLastWord() {
        assertThat(run("help", "cluster", "up")).isZero();
        assertThat(out.toString()).contains("Usage: tidemark cluster up", "--workers");

        out.getBuffer().setLength(0);
        assertThat(run("help")).isZero();
        assertThat(out.toString()).contains("Usage: tidemark", "COMMAND");
    }

    @ParameterizedTest
    @CsvSource({
        "feeed, feed",
        "qurey, query",
        "statsu, status",
        "clutser, cluster",
        "foo, feed",
        "help feeed, feed",
        "cluster statsu, cluster status"
    })
    void aCommandThatDoesNotExistNamesTheNearest(String typed, String meant) {
        assertThat(run(typed.split(" "))).isEqualTo(ExitCodes.USAGE);
        assertThat(err.toString())
                .contains(
                        "there is no command '" + typed.replaceFirst(".* ", "") + "'",
                        "The nearest is: tidemark " + meant + " ",
                        "tidemark help");
    }

    @Test
    void whatIsWrongOtherwiseSaysWhereHelpIs() {
        assertThat(run("cluster", "up", "--workers", "many")).isEqualTo(ExitCodes.USAGE);
        assertThat(err.toString()).contains("many", "Help: tidemark help cluster up");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "-1", "Infinity", "1e300", "3601"})
    void aWaitThatIsNoneIsRefused(String seconds) {
        assertThat(run("query", "counts", "bot", "--wait=" + seconds)).isEqualTo(ExitCodes.USAGE);
        assertThat(err.toString()).contains("--wait ", "expected seconds from 0 to 3600");
    }
}
