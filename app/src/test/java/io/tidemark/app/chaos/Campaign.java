package io.tidemark.app.chaos;

import static org.awaitility.Awaitility.await;

import io.tidemark.app.Questions;
import io.tidemark.app.cluster.Judge;
import io.tidemark.app.cluster.LabelledFeed;
import io.tidemark.app.service.DataFolder;
import io.tidemark.oracle.LabelBook;
import io.tidemark.oracle.LabelledEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import redis.clients.jedis.HostAndPort;

/**
 * Something real under load, broken at random times, each kind of fault once in every round, and at least one whole
 * round; in the end every answer is compared with the recount at the offsets that it states, and every count in Redis
 * with the recount of the topic.
 */
final class Campaign implements Part {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int LONGEST_PAUSE_MS = 4_000;
    private static final int LONGEST_BETWEEN_TWO_MS = 800;
    /** After the first round one fault in so many is followed by another before it is over. */
    private static final int SECOND_FAULT = 4;

    private static final int FRAMES = 8;
    private static final String TWO = "two of these, one soon after the other";

    /** Makes the target of a run, without starting anything. */
    @FunctionalInterface
    interface Making {
        Target make(Path folder, Random random) throws IOException;
    }

    private final String name;
    private final Path folder;
    private final Making making;
    private final UnaryOperator<LabelledEvent> noted;
    private final List<Fault> bag = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private Target target;
    private Random random;
    private Ledger ledger;
    private boolean mayGoBack;
    private boolean ended;

    /**
     * Starts nothing.
     *
     * @param folder of its data; removed when nothing was wrong
     * @param noted what is written into the book of an event that is sent: itself, but where the judge is tested
     */
    Campaign(String name, Path folder, Making making, UnaryOperator<LabelledEvent> noted) {
        this.name = name;
        this.folder = folder;
        this.making = making;
        this.noted = noted;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void run(Duration time, long seed, Ledger into) throws IOException, InterruptedException {
        long until = System.nanoTime() + time.toNanos();
        ledger = into;
        random = new Random(seed);
        begin();
        int before = ledger.mismatches();
        try {
            ledger.say(name, "starts");
            target.start();
            breakAndJudge(until, seed);
        } catch (AssertionError | RuntimeException e) {
            // No answer after the start, an event that is not on the topic once, a record that nobody sent.
            String where = Stream.of(e.getStackTrace())
                    .limit(FRAMES)
                    .map(frame -> "\n  at " + frame)
                    .collect(Collectors.joining());
            ledger.mismatch(name, e + where + "\n" + target.diagnosis());
        } finally {
            target.close();
        }
        if (ledger.mismatches() == before) {
            DataFolder.remove(folder);
        } else {
            ledger.say(name, "kept for a look: " + folder);
        }
    }

    private synchronized void begin() throws IOException {
        if (ended) {
            throw new IllegalStateException(name + " was ended before it began");
        }
        DataFolder.remove(folder);
        target = making.make(folder, random);
    }

    @Override
    public synchronized void end() {
        ended = true;
        if (target != null) {
            target.close();
        }
    }

    private void breakAndJudge(long until, long seed) throws IOException, InterruptedException {
        LabelBook labels = new LabelBook();
        try (LabelledFeed feed = new LabelledFeed(
                        target.info().kafka(),
                        seed,
                        target.eventsPerSecond(),
                        event -> labels.sent(noted.apply(event)));
                Questions questions =
                        new Questions(HostAndPort.from(target.info().drpc()).getPort())) {
            try {
                awaitGoesOn(feed, questions);
                while (System.nanoTime() < until
                        || seen.size() < target.faults().size()) {
                    breakIt(feed, questions);
                }
                ledger.say(name, "no more faults; the rest is counted and everything is compared");
                feed.finish();
                await("all is counted").atMost(PATIENCE).until(() -> questions.records() == feed.sent());
            } catch (ConditionTimeoutException e) {
                ledger.mismatch(
                        name,
                        "it does not go on: " + e.getMessage() + " (of " + feed.sent() + " events "
                                + questions.records() + " were in the last answer)\n" + target.diagnosis());
                return;
            }
            questions.stop();
            judge(feed, questions, labels);
        }
    }

    private void breakIt(LabelledFeed feed, Questions questions) throws IOException, InterruptedException {
        Thread.sleep(random.nextInt(LONGEST_PAUSE_MS));
        Fault fault = next();
        Recovery recovery = new Recovery(() -> awaitGoesOn(feed, questions));
        inject(fault, recovery, feed);
        String row = fault.text();
        boolean firstRound = seen.size() < target.faults().size();
        if (random.nextInt(SECOND_FAULT) == 0 && !firstRound) {
            Thread.sleep(random.nextInt(LONGEST_BETWEEN_TWO_MS));
            recovery = new Recovery(() -> awaitGoesOn(feed, questions));
            inject(next(), recovery, feed);
            ledger.injected(name, TWO);
            row = TWO;
        }
        recovery.await();
        double seconds = recovery.seconds().orElseThrow();
        ledger.recovered(name, row, seconds);
        ledger.say(name, String.format(Locale.ROOT, "goes on after %.1f s", seconds));
    }

    private void inject(Fault fault, Recovery recovery, LabelledFeed feed) throws IOException, InterruptedException {
        ledger.say(name, String.format(Locale.ROOT, "%,d events: %s", feed.sent(), fault.text()));
        ledger.injected(name, fault.text());
        seen.add(fault.text());
        mayGoBack |= fault.losesWrites();
        fault.injection().inject(recovery);
    }

    /** Each kind once before any comes again. */
    private Fault next() {
        if (bag.isEmpty()) {
            bag.addAll(target.faults());
            Collections.shuffle(bag, random);
        }
        return bag.remove(bag.size() - 1);
    }

    /** Until an event that was sent after now is in an answer. */
    private static void awaitGoesOn(LabelledFeed feed, Questions questions) {
        long from = feed.sent();
        await("goes on").atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> questions.records() > from);
    }

    private void judge(LabelledFeed feed, Questions questions, LabelBook labels) {
        Judge.Sentence sentence = Judge.judge(target.info(), labels, questions, mayGoBack);
        int inconsistent = questions.failures().getOrDefault("answer: inconsistent", 0);
        ledger.checked(sentence.answers());
        ledger.mismatches(name, sentence.wrong(), sentence.wrong().size() + inconsistent);
        ledger.verdict(
                name,
                String.format(
                        Locale.ROOT,
                        "%,d events, %,d answers checked at %,d different cuts (instead of an answer: %s)",
                        feed.sent(),
                        sentence.answers(),
                        sentence.cuts(),
                        questions.failures()));
    }
}
