package io.tidemark.app;

import io.tidemark.app.feed.LineReader;
import io.tidemark.app.show.Numbers;
import io.tidemark.app.show.Terminal;
import io.tidemark.category.Explainer;
import io.tidemark.category.Explanation;
import io.tidemark.category.Explanation.Outcome;
import io.tidemark.stream.BucketSize;
import io.tidemark.stream.Dimension;
import io.tidemark.stream.Shard;
import io.tidemark.stream.StreamConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark check-config}: validates and explains a stream's configuration. */
@Command(
        name = "check-config",
        mixinStandardHelpOptions = true,
        header = "Checks and explains the configuration of a stream.",
        description =
                "Names every mistake with its line and column, and the exit code is 2 then; else says what will be "
                        + "counted. With --try it says of each event which categories it gets and which rule gave them, or why it "
                        + "is rejected or filtered; the time of trying stands for the record's timestamp.",
        footerHeading = "%nExamples:%n",
        footer = {"  tidemark check-config orders.yaml", "  tidemark check-config orders.yaml --try orders.ndjson"})
final class CheckConfigCommand implements Callable<Integer> {
    private static final int LONGEST_EVENT = 16 << 20;

    @Parameters(paramLabel = "FILE", description = "The configuration.")
    private Path file;

    @Option(names = "--try", paramLabel = "EVENTS", description = "File of one event a line.")
    private Path events;

    @Override
    public Integer call() {
        StreamConfig config = Streams.read(file);
        explain(config);
        if (events != null) {
            System.out.println();
            tryEvents(config);
        }
        return ExitCodes.OK;
    }

    private void explain(StreamConfig config) {
        System.out.println(file + " is right.");
        System.out.println(
                "Stream " + config.name() + " counts topic " + Terminal.harmless(config.topic()) + " from its "
                        + (config.startAt() == StreamConfig.StartAt.EARLIEST ? "beginning" : "end")
                        + (config.readCommitted() ? ", committed records only" : "") + ".");
        if (config.shards() > 1) {
            System.out.println("It is kept in " + config.shards() + " shards, "
                    + Shard.of(config).get(0) + " and so on:" + " partition P in shard P modulo " + config.shards()
                    + ".");
        }
        System.out.println("An event more than " + Numbers.duration(config.lateness())
                + " late is counted in the totals and in no bucket.");
        for (Dimension dimension : config.dimensions()) {
            System.out.println("  " + dimension.name() + ": " + kept(config, dimension));
        }
    }

    private static String kept(StreamConfig config, Dimension dimension) {
        String buckets = dimension.buckets().stream()
                .sorted()
                .map(size -> "by the " + size.label() + retention(config, size))
                .collect(Collectors.joining(", "));
        String total = dimension.total() ? "in total" : "";
        String what = total + (total.isEmpty() || buckets.isEmpty() ? "" : ", ") + buckets;
        return what
                + (dimension.ranked()
                        ? "; ranked, at most " + Numbers.grouped(dimension.cap()) + " categories each"
                        : "");
    }

    private static String retention(StreamConfig config, BucketSize size) {
        return config.retention().containsKey(size)
                ? " for " + Numbers.duration(config.retention().get(size))
                : "";
    }

    private void tryEvents(StreamConfig config) {
        Explainer explainer = new Explainer(config);
        Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
        try (InputStream in = Files.newInputStream(events)) {
            LineReader lines = new LineReader(in, LONGEST_EVENT);
            long number = 0;
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                number++;
                if (!LineReader.isBlank(line)) {
                    Explanation explanation = explainer.explain(line, System.currentTimeMillis());
                    outcomes.merge(explanation.outcome(), 1L, Long::sum);
                    show(number, explanation);
                }
            }
        } catch (IOException e) {
            throw new CommandFailedException(ExitCodes.USAGE, events + " cannot be read: " + Streams.reason(e), e);
        }
        System.out.println();
        System.out.println(outcomes.entrySet().stream()
                .map(outcome -> Numbers.grouped(outcome.getValue()) + " " + name(outcome.getKey()))
                .collect(Collectors.joining(", ")));
    }

    private void show(long number, Explanation explanation) {
        String detail = explanation.detail().isEmpty() ? "" : " (" + Terminal.harmless(explanation.detail()) + ")";
        String reason = explanation.reason() == null
                ? ""
                : ": " + explanation.reason().name().toLowerCase(Locale.ROOT).replace('_', '-');
        String time =
                explanation.time() == null ? "" : " at " + explanation.time() + (explanation.late() ? ", late" : "");
        System.out.println("line " + number + " " + name(explanation.outcome()) + time + reason + detail);
        for (Explanation.Given given : explanation.categories()) {
            String rule = given.rule() == 0
                    ? "no rule"
                    : "rule " + given.rule() + ", " + file.getFileName() + ":" + given.line();
            System.out.println("  " + given.dimension() + ":" + Terminal.harmless(given.category()) + "   " + rule);
        }
    }

    private static String name(Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT);
    }
}
