package io.tidemark.app;

import io.tidemark.app.feed.FeedTask;
import io.tidemark.app.feed.FeedTask.FeedOrder;
import io.tidemark.app.service.DataFolder;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidemark feed}: sends events to a topic. */
@Command(
        name = "feed",
        mixinStandardHelpOptions = true,
        subcommands = FeedDemoCommand.class,
        header = "Sends events to the topic, each exactly once.",
        description =
                "Sends the lines of files to the topic, each exactly once for as long as the command lives: a broker "
                        + "that is away is waited for. Lines are sent byte for byte, a carriage return before the line feed too, and "
                        + "bad ones (they are counted as rejected). Blank ones are skipped; lines that are larger than the broker "
                        + "takes are named, and the exit code is 1 then. A topic that is missing is made with 4 partitions. Ctrl-C "
                        + "waits for what is on its way, and says how many lines are in and with which line to go on.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark feed edits.ndjson more.ndjson.gz",
            "  tidemark feed --record-time /meta/dt old-edits.ndjson      into the time buckets of the events",
            "  some-program | tidemark feed -",
            "  tidemark feed --rate 500 edits.ndjson                      500 lines a second",
            "  tidemark feed demo                                         invented edits, without end"
        })
final class FeedCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..*",
            paramLabel = "FILE",
            description = "Files of one event a line, .gz too; - is standard input.")
    private List<String> files = List.of();

    @Mixin
    private KafkaOption kafka;

    @Option(
            names = "--record-time",
            paramLabel = "POINTER",
            description =
                    "JSON pointer to the event's time, which becomes the record's timestamp: /meta/dt. Several: the "
                            + "first that can be read. A line without one, or more than an hour ahead, gets the time of sending. "
                            + "A broker of your own that crashes may take lines twice that are older than its "
                            + "producer.id.expiration.ms.")
    private List<String> recordTime = List.of();

    @Option(names = "--rate", paramLabel = "LINES", description = "Lines a second (default: as many as go).")
    private double rate;

    @Option(
            names = "--from-line",
            paramLabel = "N",
            defaultValue = "1",
            description = "Begin with this line of the file, to go on after a feed that was cut off.")
    private long fromLine;

    @Override
    public Integer call() {
        check();
        DataFolder folder = kafka.data().folder();
        String bootstrap = kafka.address();
        Logs.toFile(folder, "feed");
        PrintStream out = System.err;
        FeedTask task = new FeedTask(new FeedOrder(bootstrap, kafka.topic(), files, recordTime, rate, fromLine), out);
        Thread hook = new Thread(
                () -> {
                    out.println("\nStopping: waiting for what is on its way ...");
                    Runtime.getRuntime().halt(task.stop());
                },
                "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        int code = task.run();
        if (!hook.isAlive()) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException stoppingAlready) {
                return code;
            }
        }
        return code;
    }

    private void check() {
        if (files.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "which file? Name files, or - for standard input, or demo.");
        }
        if (fromLine < 1 || fromLine > 1 && files.size() > 1) {
            throw new ParameterException(
                    spec.commandLine(), "--from-line " + fromLine + ": a line number from 1 on, of one file.");
        }
        if (rate < 0) {
            throw new ParameterException(spec.commandLine(), "--rate " + rate + ": lines a second, more than 0.");
        }
        for (String pointer : recordTime) {
            if (!pointer.startsWith("/")) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--record-time " + pointer + ": a JSON pointer begins with a slash, like /meta/dt.");
            }
        }
    }
}
