package io.tidemark.app;

import io.tidemark.app.show.Answer;
import io.tidemark.app.show.StatusView;
import io.tidemark.app.show.Terminal;
import io.tidemark.client.TidemarkClient;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark status}: how a stream is. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        header = "Says how a stream is.",
        description =
                "Says mark, lag, accounts, disk use, and what is wrong and what to do. The exit code is 1 when the "
                        + "stream is refused, stalled, or without a coordinator.")
final class StatusCommand implements Callable<Integer> {
    @Parameters(arity = "0..*", paramLabel = "WORD", description = "stream=NAME, where there are several.")
    private List<String> words = List.of();

    @Option(names = "--stream", paramLabel = "NAME", description = "Of which stream, where there are several.")
    private String stream;

    @Option(names = "--json", description = "The answer as programs get it, on one line.")
    private boolean json;

    @Mixin
    private DrpcOption drpc;

    @Override
    public Integer call() {
        String arguments = String.join(" ", words) + (stream == null ? "" : " stream=" + stream);
        try (TidemarkClient client = drpc.client()) {
            Answer answer = Answer.of(drpc.ask(client, c -> c.status(arguments)));
            if (answer.isError()) {
                System.err.println(
                        json
                                ? Terminal.harmlessJson(answer.text())
                                : "tidemark: " + Terminal.harmlessLines(answer.error()));
                return ExitCodes.FAILED;
            }
            (json ? List.of(Terminal.shownJson(answer.text())) : StatusView.lines(answer)).forEach(System.out::println);
            return StatusView.isWell(answer) ? ExitCodes.OK : ExitCodes.FAILED;
        }
    }
}
