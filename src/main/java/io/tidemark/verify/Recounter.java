package io.tidemark.verify;

import io.tidemark.event.ChunkParser;
import io.tidemark.plan.EventLog;
import io.tidemark.plan.LogUnavailableException;
import io.tidemark.plan.Plan;
import io.tidemark.plan.Range;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.StreamConfig;
import io.tidemark.tally.ChunkCounter;
import io.tidemark.tally.Tally;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** Reads ranges of the topic and counts them, in several threads. Counts do not depend on who reads what when. */
final class Recounter {
    private static final int CHUNK = 4_000;

    /** What is read in one go, and again when reading it fails. */
    private static final long READ = 200_000;

    private static final long LEAST_READ = 1_000;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Snapshot snapshot;
    private final Function<StreamConfig, EventLog> logs;
    private final Progress progress;
    private final AtomicLong read = new AtomicLong();
    private volatile boolean failed;

    /** @param logs opens the topic; each is used by one thread, and closed */
    Recounter(Snapshot snapshot, Function<StreamConfig, EventLog> logs, Progress progress) {
        this.snapshot = snapshot;
        this.logs = logs;
        this.progress = progress;
    }

    /**
     * Counts these ranges; none crosses the mark of any cut.
     *
     * @throws LogUnavailableException when the topic cannot be read for a minute
     * @throws RefusedException {@code topic-recreated}, {@code log-truncated}
     */
    Recounted count(List<Range> ranges, int threads) {
        long all = ranges.stream().mapToLong(Range::length).sum();
        Queue<Range> rest = new ConcurrentLinkedQueue<>(split(ranges));
        ExecutorService pool = Executors.newFixedThreadPool(threads, Recounter::named);
        try {
            List<Future<Recounted>> counting = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                counting.add(pool.submit(() -> work(rest, all)));
            }
            Recounted sum = new Recounted(snapshot);
            for (Future<Recounted> each : counting) {
                sum.add(result(each));
            }
            return sum;
        } finally {
            failed = true;
            pool.shutdown();
        }
    }

    private static Thread named(Runnable task) {
        Thread thread = new Thread(task, "recount");
        thread.setDaemon(true);
        return thread;
    }

    private static List<Range> split(List<Range> ranges) {
        List<Range> parts = new ArrayList<>();
        for (Range range : ranges) {
            for (long from = range.first(); from < range.end(); from += READ) {
                parts.add(new Range(range.partition(), from, Math.min(range.end(), from + READ)));
            }
        }
        return parts;
    }

    private Recounted result(Future<Recounted> counting) {
        try {
            return counting.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LogUnavailableException("interrupted while counting again", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("counting again failed", e.getCause());
        }
    }

    private Recounted work(Queue<Range> rest, long all) {
        try (EventLog log = logs.apply(snapshot.config())) {
            Worker worker = new Worker(log, all);
            for (Range range = rest.poll(); range != null && !failed; range = rest.poll()) {
                worker.count(range);
            }
            return worker.sum;
        } catch (RuntimeException | Error e) {
            failed = true;
            throw e;
        }
    }

    /** One thread's share. */
    private final class Worker {
        private final EventLog log;
        private final long all;
        private final ChunkParser parser = new ChunkParser(snapshot.config());
        private final ChunkCounter counter = new ChunkCounter(snapshot.config());
        private final Recounted sum = new Recounted(snapshot);
        private long lastSuccess = System.nanoTime();

        Worker(EventLog log, long all) {
            this.log = log;
            this.all = all;
        }

        void count(Range range) {
            long next = range.first();
            long size = range.length();
            while (next < range.end() && !failed) {
                Range part = new Range(range.partition(), next, Math.min(range.end(), next + size));
                try {
                    read(part);
                    next = part.end();
                    lastSuccess = System.nanoTime();
                } catch (LogUnavailableException e) {
                    if (System.nanoTime() - lastSuccess > PATIENCE.toNanos()) {
                        throw e;
                    }
                    size = Math.max(LEAST_READ, size / 2);
                    pause();
                } catch (RefusedException e) {
                    next = Math.min(range.end(), afterLost(part, e));
                    sum.addLost(new Range(range.partition(), part.first(), next));
                }
                progress.at(read.addAndGet(next - part.first()), all);
            }
        }

        /** What was read before a failure is worth nothing: so it is added when all of it has been read. */
        private void read(Range range) {
            Tally[] tally = {Tally.NOTHING};
            long[] firstRecord = new long[2];
            boolean[] any = new boolean[1];
            log.read(plan(range), List.of(range), CHUNK, TIMEOUT, chunk -> {
                if (!any[0] && chunk.size() > 0) {
                    any[0] = true;
                    firstRecord[0] = chunk.offset(0);
                    firstRecord[1] = chunk.timestamp(0);
                }
                tally[0] = tally[0].merge(counter.count(parser.parse(chunk)));
            });
            sum.add(range, tally[0]);
            if (any[0]) {
                sum.addTime(range.partition(), firstRecord[0], firstRecord[1]);
            }
        }

        /** Retention goes on while we read. @return the first offset that is there, where the refusal means that */
        private long afterLost(Range range, RefusedException refused) {
            if (!refused.refusal().code().equals("records-lost")) {
                throw refused;
            }
            long first = log.firstOffsets().getOrDefault(range.partition(), 0L);
            if (first <= range.first()) {
                throw refused;
            }
            return first;
        }
    }

    private Plan plan(Range range) {
        TreeMap<Integer, Range> ranges = new TreeMap<>();
        ranges.put(range.partition(), range);
        return new Plan(
                snapshot.stream(),
                snapshot.base().marks().topicId(),
                snapshot.base().marks().fingerprint(),
                snapshot.base().marks().storeId(),
                snapshot.base().marks().start(),
                ranges,
                new TreeMap<>());
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LogUnavailableException("interrupted while counting again", e);
        }
    }
}
