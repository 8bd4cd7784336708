package io.tidemark.app;

import io.tidemark.app.show.Answer;
import io.tidemark.app.show.CountsView;
import io.tidemark.app.show.Redraw;
import io.tidemark.app.show.Terminal;
import io.tidemark.client.TidemarkClient;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark query}: asks a running service. */
@Command(
        name = "query",
        mixinStandardHelpOptions = true,
        header = "Asks a running service for its counts.",
        description = "Asks over Storm's DRPC. On a terminal only the largest categories of a dimension are shown; "
                + "elsewhere every one is, in plain digits.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark query counts                           every dimension that is kept in total",
            "  tidemark query counts bot human                 the dimension actor, by its aliases",
            "  tidemark query counts action:edit namespace:\"User talk\"",
            "  tidemark query counts g2_edit --json            the answer as programs get it",
            "  tidemark query counts --watch                   the counts as they change, until Ctrl-C",
            "  tidemark query counts stream=orders             another stream of the same service"
        })
final class QueryCommand implements Callable<Integer> {
    private static final int MOST_CATEGORIES = 12;

    @Parameters(
            index = "0",
            paramLabel = "FUNCTION",
            description = "What to ask: counts (or any other function of the topology; its answer is shown as JSON).")
    private String function;

    @Parameters(
            index = "1..*",
            paramLabel = "WORD",
            description =
                    "Categories (actor:bot), dimensions (actor), or aliases (bot); or one JSON object. Nothing: all.")
    private List<String> words = List.of();

    @Option(names = "--json", description = "The answer as programs get it, on one line.")
    private boolean json;

    @Option(names = "--watch", description = "Ask again every second, until Ctrl-C.")
    private boolean watch;

    @Option(names = "--all", description = "All categories of each dimension, not only the largest.")
    private boolean all;

    @Mixin
    private DrpcOption drpc;

    @Override
    public Integer call() throws InterruptedException {
        String arguments = words.stream().map(QueryCommand::quoted).collect(Collectors.joining(" "));
        PrintStream out = System.out;
        try (TidemarkClient client = drpc.client()) {
            Redraw redraw = new Redraw(out, watch && !json && Terminal.canRedraw());
            while (true) {
                Answer answer = Answer.of(drpc.ask(client, c -> c.ask(function, arguments)));
                if (answer.isError()) {
                    return fail(answer);
                }
                redraw.show(lines(answer));
                if (!watch) {
                    return ExitCodes.OK;
                }
                Thread.sleep(1000);
            }
        }
    }

    private List<String> lines(Answer answer) {
        if (json || !function.equals("counts")) {
            return List.of(answer.text());
        }
        boolean forPeople = Terminal.isThere();
        int most = all || !forPeople ? Integer.MAX_VALUE - 1 : MOST_CATEGORIES;
        return new CountsView(forPeople, most).lines(answer, !words.isEmpty());
    }

    private Integer fail(Answer answer) {
        System.err.println(json ? answer.text() : "tidemark: " + Terminal.harmlessLines(answer.error()));
        return ExitCodes.FAILED;
    }

    /** A category with a blank was one word on the command line: it stays one. */
    private static String quoted(String word) {
        boolean isOneCategory = word.indexOf(':') > 0 && word.chars().anyMatch(Character::isWhitespace);
        return isOneCategory && !word.startsWith("{") && !word.startsWith("\"") ? "\"" + word + "\"" : word;
    }
}
