package io.tidemark.sim;

import java.time.Duration;
import java.util.Random;

/** Runs schedules from a random seed for as long as it is told, in minutes. Ends with 1 when a promise was broken. */
public final class Chaos {
    private Chaos() {}

    public static void main(String[] arguments) {
        long minutes = arguments.length == 0 ? 10 : Long.parseLong(arguments[0]);
        long seed = arguments.length < 2 ? new Random().nextInt(Integer.MAX_VALUE) : Long.parseLong(arguments[1]);
        System.out.println("simulator: " + minutes + " min of schedules from seed " + seed + " on");
        long begin = System.nanoTime();
        long end = begin + Duration.ofMinutes(minutes).toNanos();
        Campaign campaign = Campaign.run(seed, next -> System.nanoTime() - end < 0);
        System.out.println(Summary.of(campaign, (System.nanoTime() - begin) / 1_000_000));
        System.exit(campaign.failures().isEmpty() ? 0 : 1);
    }
}
