package io.tidemark.app.chaos;

import static org.awaitility.Awaitility.await;

import io.tidemark.app.Questions;
import io.tidemark.app.ServiceProcess;
import io.tidemark.app.cluster.Judge;
import io.tidemark.app.cluster.LabelledFeed;
import io.tidemark.oracle.LabelBook;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.awaitility.core.ConditionTimeoutException;
import redis.clients.jedis.HostAndPort;

/** The real service under load, broken at random times; every answer and every count is compared with a recount. */
final class ServiceCampaign {
    private static final int PER_SECOND = 1_000;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int LONGEST_PAUSE_MS = 4_000;
    private static final int LONGEST_BETWEEN_TWO_MS = 800;
    /** One fault in so many is followed by another before it is over. */
    private static final int SECOND_FAULT = 4;

    private static final int SHOWN = 10;

    private final Random random;
    private final ServiceProcess service;
    private final ServiceFaults faults;
    private final long began = System.nanoTime();
    private final LabelBook labels = new LabelBook();
    private final Map<ServiceFault, List<Double>> recoveries = new EnumMap<>(ServiceFault.class);
    private final Map<ServiceFault, Integer> injected = new EnumMap<>(ServiceFault.class);
    private final List<ServiceFault> bag = new ArrayList<>();

    private ServiceCampaign(ServiceProcess service, long seed) {
        this.service = service;
        this.random = new Random(seed);
        this.faults = new ServiceFaults(service, random);
    }

    /**
     * Runs it, and prints what happens.
     *
     * @param data a folder that is not there yet; stays
     * @return how many counts and answers were wrong; a service that does not go on counts as one
     */
    static int run(Path data, Duration time, long seed) throws IOException, InterruptedException {
        ServiceProcess service = ServiceProcess.start(data);
        ServiceCampaign campaign = new ServiceCampaign(service, seed);
        Runtime.getRuntime().addShutdownHook(new Thread(campaign.faults::end));
        try {
            return campaign.run(time, seed);
        } finally {
            campaign.faults.end();
        }
    }

    private int run(Duration time, long seed) throws IOException, InterruptedException {
        say("the service starts");
        service.awaitAnswer();
        LabelledFeed feed = new LabelledFeed(service.info().kafka(), seed, PER_SECOND, labels);
        try (Questions questions =
                new Questions(HostAndPort.from(service.info().drpc()).getPort())) {
            try {
                awaitGoesOn(feed, questions);
                while (System.nanoTime() - began < time.toNanos()) {
                    breakIt(feed, questions);
                }
                say("no more faults; the rest is counted and everything is compared");
                feed.close();
                await("all is counted").atMost(PATIENCE).until(() -> questions.records() == feed.sent());
            } catch (ConditionTimeoutException e) {
                System.out.println(service.diagnosis());
                say("it does not go on: " + e.getMessage() + " (of " + feed.sent() + " events " + questions.records()
                        + " were in the last answer)");
                return 1;
            } finally {
                feed.close();
            }
            questions.stop();
            return judge(feed, questions);
        }
    }

    private void breakIt(LabelledFeed feed, Questions questions) throws IOException, InterruptedException {
        Thread.sleep(random.nextInt(LONGEST_PAUSE_MS));
        ServiceFault fault = next();
        long at = System.nanoTime();
        inject(fault, feed);
        if (random.nextInt(SECOND_FAULT) == 0) {
            Thread.sleep(random.nextInt(LONGEST_BETWEEN_TWO_MS));
            fault = next();
            at = System.nanoTime();
            inject(fault, feed);
        }
        awaitGoesOn(feed, questions);
        double seconds = (System.nanoTime() - at) / 1e9;
        recoveries.computeIfAbsent(fault, k -> new ArrayList<>()).add(seconds);
        say(String.format(Locale.ROOT, "goes on after %.1f s", seconds));
    }

    private void inject(ServiceFault fault, LabelledFeed feed) throws IOException, InterruptedException {
        say(String.format(Locale.ROOT, "%,d events: %s", feed.sent(), fault));
        injected.merge(fault, 1, Integer::sum);
        faults.inject(fault);
    }

    /** Each kind once before any comes again. */
    private ServiceFault next() {
        if (bag.isEmpty()) {
            bag.addAll(List.of(ServiceFault.values()));
            Collections.shuffle(bag, random);
        }
        return bag.remove(bag.size() - 1);
    }

    /** Until an event that was sent after now is in an answer. */
    private void awaitGoesOn(LabelledFeed feed, Questions questions) {
        long from = feed.sent();
        await("goes on").atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> questions.records() > from);
    }

    private int judge(LabelledFeed feed, Questions questions) {
        boolean mayGoBack = injected.containsKey(ServiceFault.REDIS_OLDER);
        Judge.Sentence sentence = Judge.judge(service.info(), labels, questions, mayGoBack);
        System.out.printf(Locale.ROOT, "%n  %-50s %5s %14s %8s%n", "fault", "times", "back: median s", "worst s");
        injected.forEach((fault, times) -> {
            List<Double> seconds =
                    recoveries.getOrDefault(fault, List.of()).stream().sorted().toList();
            System.out.printf(
                    Locale.ROOT,
                    "  %-50s %5d %14s %8s%n",
                    fault,
                    times,
                    seconds.isEmpty() ? "" : String.format(Locale.ROOT, "%.1f", seconds.get(seconds.size() / 2)),
                    seconds.isEmpty() ? "" : String.format(Locale.ROOT, "%.1f", seconds.get(seconds.size() - 1)));
        });
        System.out.printf(
                Locale.ROOT,
                "%n  %,d events, %,d answers checked at %,d different cuts; instead of an answer: %s%n",
                feed.sent(),
                sentence.answers(),
                sentence.cuts(),
                questions.failures());
        sentence.wrong().stream().limit(SHOWN).forEach(wrong -> System.out.println("  wrong: " + wrong));
        int inconsistent = questions.failures().getOrDefault("answer: inconsistent", 0);
        return sentence.wrong().size() + inconsistent;
    }

    private void say(String line) {
        System.out.printf(Locale.ROOT, "%7.1f s  %s%n", (System.nanoTime() - began) / 1e9, line);
    }
}
