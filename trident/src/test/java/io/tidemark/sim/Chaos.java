package io.tidemark.sim;

import java.time.Duration;
import java.util.Random;
import java.util.function.LongPredicate;

/** Runs schedules from a seed, or a random one, on, for as many seconds as it is told. Ends with 1 when a promise was broken. */
public final class Chaos {
    private static final int MOST_SHARDS = 2;
    private static final long NANOS_BETWEEN_TWO_WORDS = Duration.ofSeconds(20).toNanos();

    private Chaos() {}

    public static void main(String[] arguments) {
        Duration time = Duration.ofSeconds(arguments.length == 0 ? 600 : Long.parseLong(arguments[0]));
        long seed = arguments.length < 2 ? new Random().nextInt(Integer.MAX_VALUE) : Long.parseLong(arguments[1]);
        System.out.println(time.toSeconds() + " s of schedules from seed " + seed + " on");
        boolean failed = false;
        long schedules = 0;
        for (int shards = 1; shards <= MOST_SHARDS; shards++) {
            long begin = System.nanoTime();
            Campaign campaign =
                    Campaign.run(seed, shards, untilThen(begin, time.dividedBy(MOST_SHARDS), seed - schedules));
            long millis = (System.nanoTime() - begin) / 1_000_000;
            schedules += campaign.figures().of("schedules");
            System.out.println("Of a stream of " + shards + (shards == 1 ? " shard:" : " shards:"));
            System.out.println(Summary.of(campaign, millis));
            System.out.printf("so far %,d schedules%n", schedules);
            failed |= !campaign.failures().isEmpty() || campaign.figures().of("schedules") == 0;
        }
        System.exit(failed ? 1 : 0);
    }

    /** Says now and then how far it is. @param first seed that there would be had all schedules been of this campaign */
    private static LongPredicate untilThen(long begin, Duration time, long first) {
        long[] said = {begin};
        return next -> {
            long now = System.nanoTime();
            if (now - said[0] > NANOS_BETWEEN_TWO_WORDS) {
                said[0] = now;
                System.out.printf("so far %,d schedules%n", next - first);
            }
            return now - begin < time.toNanos();
        };
    }
}
