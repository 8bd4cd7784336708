package io.tidemark.app;

import io.tidemark.app.show.Answer;
import io.tidemark.app.show.CountsView;
import io.tidemark.app.show.Csv;
import io.tidemark.app.show.Redraw;
import io.tidemark.app.show.StatusView;
import io.tidemark.app.show.Terminal;
import io.tidemark.app.show.TopView;
import io.tidemark.app.show.TrendView;
import io.tidemark.client.TidemarkClient;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidemark query}: asks a running service. */
@Command(
        name = "query",
        mixinStandardHelpOptions = true,
        header = "Asks a running service for its counts.",
        description =
                "Asks over Storm's DRPC. On a terminal only the largest categories of a dimension are shown, with bars "
                        + "and small charts; elsewhere every one is, in plain digits.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark query counts                           every dimension that is kept in total",
            "  tidemark query counts bot human                 the dimension actor, by its aliases",
            "  tidemark query counts action:edit namespace:\"User talk\"",
            "  tidemark query trend actor --from -3h --step 5m   bots and humans over the last three hours",
            "  tidemark query top page -n 20                   the pages edited most in the last 24 hours",
            "  tidemark query top user --from 2026-11-24 --to 2026-11-25 --csv",
            "  tidemark query counts g2_edit --json            the answer as programs get it",
            "  tidemark query counts --watch                   the counts as they change, until Ctrl-C",
            "  tidemark query counts --stream orders           another stream of the same service",
            "  tidemark query ask '{\"counts\": [\"bot\"], \"top\": {\"of\": \"page\"}}'   several at once, of one cut"
        })
final class QueryCommand implements Callable<Integer> {
    private static final int MOST_CATEGORIES = 12;
    private static final List<String> FUNCTIONS = List.of("counts", "trend", "top", "status", "ask");
    private static final int LONGEST_WAIT_SECONDS = 3_600;
    private static final long SHORTEST_PAUSE_MS = 20;
    private static final long LONGEST_PAUSE_MS = 500;

    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0..*",
            paramLabel = "WORD",
            description =
                    "What to ask: counts, trend, top, status, or ask with one JSON object (default: counts); then "
                            + "categories (actor:bot), dimensions (actor), or aliases (bot). Nothing: all.")
    private List<String> words = List.of();

    @Option(names = "--stream", paramLabel = "NAME", description = "Of which stream, where there are several.")
    private String stream;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description =
                    "Begin of the period: -90m, -24h, -7d, 2026-11-24, 2026-11-24T10:05, 2026-11-24T10:05Z (default: "
                            + "-1h for trend, -24h for top).")
    private String from;

    @Option(names = "--to", paramLabel = "TIME", description = "End of the period (default: now).")
    private String to;

    @Option(
            names = "--step",
            paramLabel = "LENGTH",
            description = "Length of a trend's buckets: minute, hour, day, 5m, 6h (default: by the period).")
    private String step;

    @Option(
            names = {"-n", "--number"},
            paramLabel = "N",
            description = "How many categories top lists (default: 10).")
    private Integer number;

    @Option(
            names = "--zone",
            paramLabel = "ZONE",
            description = "Time zone of times without offset and of days, as Europe/Berlin (default: UTC).")
    private String zone;

    @Option(
            names = "--at-least",
            paramLabel = "P:OFFSET,...",
            description = "Only an answer that has counted these partitions up to these offsets.")
    private String atLeast;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "3",
            description = "How long to wait for the answer of --at-least (default: ${DEFAULT-VALUE}).")
    private double waitSeconds;

    @Option(names = "--json", description = "The answer as programs get it, on one line.")
    private boolean json;

    @Option(names = "--csv", description = "The answer as CSV.")
    private boolean csv;

    @Option(names = "--watch", description = "Ask again every second, until Ctrl-C.")
    private boolean watch;

    @Option(names = "--all", description = "All categories of each dimension, not only the largest.")
    private boolean all;

    @Mixin
    private DrpcOption drpc;

    @Override
    public Integer call() throws InterruptedException {
        if (!(waitSeconds >= 0 && waitSeconds <= LONGEST_WAIT_SECONDS)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--wait " + waitSeconds + ": expected seconds from 0 to " + LONGEST_WAIT_SECONDS + ".");
        }
        boolean says = !words.isEmpty() && FUNCTIONS.contains(words.get(0));
        String function = says ? words.get(0) : "counts";
        List<String> asked = says ? words.subList(1, words.size()) : words;
        String arguments = arguments(function, asked);
        PrintStream out = System.out;
        try (TidemarkClient client = drpc.client()) {
            Redraw redraw = new Redraw(out, watch && !json && !csv && Terminal.canRedraw());
            while (true) {
                Answer answer = ask(client, function, arguments);
                if (answer.isError()) {
                    return fail(answer);
                }
                redraw.show(lines(function, answer, !asked.isEmpty()));
                if (!watch) {
                    return ExitCodes.OK;
                }
                Thread.sleep(1000);
            }
        }
    }

    private String arguments(String function, List<String> asked) {
        List<String> parts =
                new ArrayList<>(asked.stream().map(Word::ofArgument).toList());
        add(parts, "stream", stream);
        add(parts, "zone", zone);
        add(parts, "atLeast", atLeast);
        only(function, "--from", from, "trend", "top");
        only(function, "--to", to, "trend", "top");
        only(function, "--step", step, "trend");
        only(function, "-n", number, "top");
        add(parts, "from", from);
        add(parts, "to", to);
        add(parts, "step", step);
        add(parts, "n", number);
        boolean isJson = !asked.isEmpty() && asked.get(0).startsWith("{");
        if (isJson && parts.size() > 1) {
            throw new ParameterException(
                    spec.commandLine(), "A question in JSON says all of it itself: leave the other options out.");
        }
        return String.join(" ", parts);
    }

    private static void add(List<String> parts, String name, Object value) {
        if (value != null) {
            parts.add(Word.of(name + "=" + value));
        }
    }

    private void only(String function, String option, Object value, String... functions) {
        if (value != null && !List.of(functions).contains(function)) {
            throw new ParameterException(
                    spec.commandLine(),
                    option + " is for " + String.join(" and ", functions) + ", not for " + function + ".");
        }
    }

    /** Where the answer is not there yet, asks again until it is or the wait is over. */
    private Answer ask(TidemarkClient client, String function, String arguments) throws InterruptedException {
        long until = System.nanoTime() + Math.round(waitSeconds * 1e9);
        for (long pause = SHORTEST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
            Answer answer = Answer.of(drpc.ask(client, c -> c.ask(function, arguments)));
            if (!answer.errorCode().equals("not-yet") || System.nanoTime() > until) {
                return answer;
            }
            Thread.sleep(pause);
        }
    }

    private List<String> lines(String function, Answer answer, boolean withLabels) {
        if (json) {
            return List.of(Terminal.shownJson(answer.text()));
        }
        if (csv) {
            List<String> lines = Csv.lines(answer, function);
            return Terminal.isThere() ? lines.stream().map(Terminal::harmless).toList() : lines;
        }
        boolean forPeople = Terminal.isThere();
        int most = all || !forPeople ? Integer.MAX_VALUE - 1 : MOST_CATEGORIES;
        return switch (function) {
            case "counts" -> new CountsView(forPeople, most).lines(answer, withLabels);
            case "trend" -> new TrendView(forPeople).lines(answer);
            case "top" -> new TopView(forPeople).lines(answer);
            case "status" -> StatusView.lines(answer);
            default -> List.of(Terminal.shownJson(answer.text()));
        };
    }

    private Integer fail(Answer answer) {
        System.err.println(
                json ? Terminal.harmlessJson(answer.text()) : "tidemark: " + Terminal.harmlessLines(answer.error()));
        return ExitCodes.FAILED;
    }
}
