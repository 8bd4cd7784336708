package io.tidemark.app;

import io.tidemark.app.demo.DemoEvents;
import io.tidemark.app.feed.DemoFeed;
import io.tidemark.app.service.Topics;
import io.tidemark.app.show.Numbers;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark feed demo}: invented edits, without end. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        header = "Sends invented edits, without end.",
        description =
                "Sends invented edits in both formats of the Wikipedia stream, about " + DemoEvents.MEAN_PER_SECOND
                        + " a second, until Ctrl-C: bots and people, anonymous, temporary and hidden users, new pages, logs, and a "
                        + "few bad lines.")
final class FeedDemoCommand implements Callable<Integer> {
    @Mixin
    private KafkaOption kafka;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            description = "Decides what is invented; the same seed gives the same edits (default: another each time).")
    private Long seed;

    @Override
    public Integer call() throws InterruptedException {
        String bootstrap = kafka.address();
        Logs.toFile(kafka.data().folder(), "feed");
        try (Topics topics = new Topics(bootstrap, Duration.ofSeconds(10))) {
            topics.makeIfMissing(kafka.topic());
        } catch (KafkaException e) {
            throw new CommandFailedException(
                    ExitCodes.UNREACHABLE, "no broker answers at " + bootstrap + ": " + e.getMessage(), e);
        }
        long chosen = seed == null ? System.nanoTime() & 0xffffff : seed;
        System.err.println("Sending invented edits to topic " + kafka.topic() + " on " + bootstrap + ", about "
                + DemoEvents.MEAN_PER_SECOND + " a second, seed " + chosen + ". Ctrl-C stops.");
        DemoFeed feed = new DemoFeed(bootstrap, kafka.topic(), chosen);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            feed.close();
            System.err.println("\nStopped; " + Numbers.grouped(feed.in()) + " events are in.");
            Runtime.getRuntime().halt(ExitCodes.OK);
        }));
        feed.start();
        Thread.currentThread().join();
        return ExitCodes.OK;
    }
}
