package io.tidemark.sim;

import java.time.Duration;
import java.util.Random;
import java.util.function.LongPredicate;

/** Runs schedules from a seed, or a random one, on, for as many seconds as it is told. Ends with 1 when a promise was broken. */
public final class Chaos {
    private static final long NANOS_BETWEEN_TWO_WORDS = Duration.ofSeconds(20).toNanos();

    private Chaos() {}

    public static void main(String[] arguments) {
        Duration time = Duration.ofSeconds(arguments.length == 0 ? 600 : Long.parseLong(arguments[0]));
        long seed = arguments.length < 2 ? new Random().nextInt(Integer.MAX_VALUE) : Long.parseLong(arguments[1]);
        System.out.println(time.toSeconds() + " s of schedules from seed " + seed + " on");
        long begin = System.nanoTime();
        Campaign campaign = Campaign.run(seed, 1, untilThen(begin, time.dividedBy(2), seed));
        long millis = (System.nanoTime() - begin) / 1_000_000;
        System.out.printf("so far %,d schedules%n", campaign.figures().of("schedules"));
        System.out.println(Summary.of(campaign, millis));
        long beginShards = System.nanoTime();
        Campaign shards = Campaign.run(seed, 2, untilThen(beginShards, time.dividedBy(2), seed));
        long shardsMillis = (System.nanoTime() - beginShards) / 1_000_000;
        System.out.printf(
                "of two shards, so far %,d schedules%n", shards.figures().of("schedules"));
        System.out.println(Summary.of(shards, shardsMillis));
        System.exit(campaign.failures().isEmpty() && shards.failures().isEmpty() ? 0 : 1);
    }

    /** Says now and then how far it is. */
    private static LongPredicate untilThen(long begin, Duration time, long seed) {
        long[] said = {begin};
        return next -> {
            long now = System.nanoTime();
            if (now - said[0] > NANOS_BETWEEN_TWO_WORDS) {
                said[0] = now;
                System.out.printf("so far %,d schedules%n", next - seed);
            }
            return now - begin < time.toNanos();
        };
    }
}
