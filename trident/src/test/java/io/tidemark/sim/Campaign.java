package io.tidemark.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;

/** Runs many schedules: each is alone with its seed, so several threads share them out. */
final class Campaign {
    private static final int MOST_FAILURES = 3;

    private final Figures figures = new Figures();
    private final List<Failure> failures = new ArrayList<>();
    private final AtomicLong next;
    private final LongPredicate goesOn;
    private final int shards;

    /**
     * A schedule that broke a promise.
     *
     * @param faults fewest that were found to break it
     */
    record Failure(long seed, int shards, List<Fault> faults, String message) {
        @Override
        public String toString() {
            return "seed " + seed + " of " + shards + " shards with "
                    + faults.stream()
                            .map(f -> f.kind() + " at step " + f.step())
                            .collect(Collectors.joining(", ", "[", "]"))
                    + ": " + message + "\n  alone: mvn -pl src,trident -am test -Dtest=SimulationTest"
                    + " -Dsurefire.failIfNoSpecifiedTests=false -Dtidemark.schedules=1 -Dtidemark.shards=" + shards
                    + " -Dtidemark.seed=" + seed;
        }
    }

    private Campaign(long first, int shards, LongPredicate goesOn) {
        this.shards = shards;
        this.next = new AtomicLong(first);
        this.goesOn = goesOn;
    }

    /**
     * Runs the schedules of consecutive seeds.
     *
     * @param first seed
     * @param shards of the stream
     * @param goesOn asked before each seed; after the third failure it is not asked any more
     */
    static Campaign run(long first, int shards, LongPredicate goesOn) {
        Campaign campaign = new Campaign(first, shards, goesOn);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Math.min(2, Runtime.getRuntime().availableProcessors()); i++) {
            Thread thread = new Thread(campaign::work, "simulator-" + i);
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted while schedules run", e);
            }
        }
        return campaign;
    }

    Figures figures() {
        return figures;
    }

    List<Failure> failures() {
        return failures;
    }

    private void work() {
        Figures own = new Figures();
        for (long seed = next.getAndIncrement(); goesOn(seed); seed = next.getAndIncrement()) {
            failure(seed, shards, own).ifPresent(this::add);
        }
        synchronized (this) {
            figures.add(own);
        }
    }

    private synchronized boolean goesOn(long seed) {
        return failures.size() < MOST_FAILURES && goesOn.test(seed);
    }

    private synchronized void add(Failure failure) {
        failures.add(failure);
    }

    /** Runs one schedule; when it fails, with fewer and fewer faults. */
    static Optional<Failure> failure(long seed, int shards, Figures figures) {
        List<Fault> faults = Simulation.faultsOf(seed, shards);
        String message = message(seed, shards, faults, figures);
        if (message == null) {
            return Optional.empty();
        }
        List<Fault> few = shrink(seed, shards, faults);
        return Optional.of(new Failure(seed, shards, few, message(seed, shards, few, new Figures())));
    }

    /** Leaves out halves, quarters, ... and single faults for as long as it still fails. */
    private static List<Fault> shrink(long seed, int shards, List<Fault> faults) {
        List<Fault> few = new ArrayList<>(faults);
        for (int size = Math.max(1, few.size() / 2); size >= 1; size /= 2) {
            for (int from = 0; from < few.size(); ) {
                List<Fault> fewer = new ArrayList<>(few.subList(0, from));
                fewer.addAll(few.subList(Math.min(few.size(), from + size), few.size()));
                if (message(seed, shards, fewer, new Figures()) != null) {
                    few = fewer;
                } else {
                    from += size;
                }
            }
        }
        return few;
    }

    /** What is wrong; null when nothing is. */
    static String message(long seed, int shards, List<Fault> faults, Figures figures) {
        try {
            Simulation.run(seed, shards, faults, figures, false);
            return null;
        } catch (Mismatch e) {
            return e.getMessage();
        } catch (RuntimeException | AssertionError e) {
            return e + " at " + e.getStackTrace()[0];
        }
    }
}
