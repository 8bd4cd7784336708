package io.tidemark.verify;

import static io.tidemark.commit.RedisConnection.bytes;
import static io.tidemark.commit.RedisConnection.text;

import io.tidemark.commit.JoinedMarks;
import io.tidemark.commit.RedisAddress;
import io.tidemark.commit.RedisConnection;
import io.tidemark.commit.Script;
import io.tidemark.commit.StreamKeys;
import io.tidemark.plan.EventLog;
import io.tidemark.plan.LogRefusals;
import io.tidemark.plan.Range;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.Shard;
import io.tidemark.stream.StreamConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Counts a stream's topic again, from where its counting began to the marks, and compares everything that Redis holds
 * with it. It reads only, and the stream may run on. First all of Redis is read, each key together with the marks of its
 * moment; then the topic, by several threads, once; then each key is compared with the count of exactly the records below
 * its marks. It needs about as much memory as the stream's counts do in Redis. Used by one thread.
 */
public final class Verifier implements AutoCloseable {
    private static final Script STREAMS = Script.load(Verifier.class, "streams.lua");

    private final RedisConnection redis;
    private final Function<String, StreamConfig> stored;
    private final Function<StreamConfig, EventLog> logs;
    private final int threads;

    /**
     * Connects when it is first used.
     *
     * @param stored makes a configuration of the text that is stored beside the counts
     * @param logs opens a stream's topic, once for each thread
     * @param threads most threads that count, at least 1
     */
    public Verifier(
            RedisAddress address,
            Function<String, StreamConfig> stored,
            Function<StreamConfig, EventLog> logs,
            int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + ", must be at least 1");
        }
        this.redis = new RedisConnection(address);
        this.stored = stored;
        this.logs = logs;
        this.threads = threads;
    }

    /** The names of all streams in this Redis. */
    public SortedSet<String> streams() {
        return Shard.streamsOf(names());
    }

    /** Of streams, and of the shards of those that have several. */
    private List<String> names() {
        List<String> names = new ArrayList<>();
        ((Collection<?>) redis.eval(STREAMS, List.of(bytes(StreamKeys.STREAMS)), List.of()))
                .forEach(name -> names.add(text(name)));
        return names;
    }

    /** The names that a stream is kept under: its own, or those of its shards in their order. */
    private List<String> namesOf(String stream) {
        long shards = names().stream()
                .filter(name -> !name.equals(stream) && Shard.streamOf(name).equals(stream))
                .count();
        int number = (int) Math.max(1, shards);
        return IntStream.range(0, number)
                .mapToObj(k -> shards == 0 ? stream : Shard.oneOfSeveral(stream, k))
                .toList();
    }

    /**
     * Counts again and compares.
     *
     * @throws RefusedException when there is nothing to compare with: {@code not-initialised}, {@code mark-lost}, {@code
     *     unknown-format}, {@code wrong-configuration}, {@code topic-missing}, {@code topic-recreated}, {@code
     *     log-truncated}, {@code started-over}, {@code foreign-value}, {@code shards-disagree}, {@code
     *     added-by-program}
     * @throws io.tidemark.commit.StoreUnavailableException when Redis does not answer
     * @throws io.tidemark.plan.LogUnavailableException when Kafka does not answer
     */
    public Verification verify(String stream, Progress progress) {
        long started = System.nanoTime();
        List<Snapshot> snapshots = new ArrayList<>();
        List<Ranges> ranges = new ArrayList<>();
        for (String name : namesOf(stream)) {
            Snapshot snapshot = new SnapshotReader(redis, name).read(stored);
            refuseSums(stream, snapshot);
            snapshots.add(snapshot);
            ranges.add(ranges(snapshot));
        }
        checkOneSet(stream, snapshots);
        long all = ranges.stream().mapToLong(Ranges::length).sum();
        List<Verification> parts = new ArrayList<>();
        long done = 0;
        for (int i = 0; i < snapshots.size(); i++) {
            long before = done;
            parts.add(
                    compare(snapshots.get(i), ranges.get(i), (read, some) -> progress.at(before + read, all), started));
            done += ranges.get(i).length();
        }
        return Verification.joined(stream, parts);
    }

    private static void refuseSums(String stream, Snapshot snapshot) {
        if (snapshot.config().isByProgram()) {
            throw new RefusedException(
                    "added-by-program",
                    "stream " + stream + " is added up by a program of its own, whose rules are not in its"
                            + " configuration, so it cannot be counted again here. Run that program from the topic's start"
                            + " under another stream name, and compare");
        }
    }

    /** @throws RefusedException {@code shards-disagree} */
    private static void checkOneSet(String stream, List<Snapshot> snapshots) {
        List<Shard> shards = Shard.of(snapshots.get(0).config());
        if (shards.size() != snapshots.size()) {
            throw new RefusedException(
                    "shards-disagree",
                    "stream " + stream + " has counts in " + snapshots.size() + " shards, and a configuration of "
                            + shards.size() + ". Start it over with: tidemark reset " + stream);
        }
        JoinedMarks.of(
                shards, snapshots.stream().map(each -> each.base().marks()).toList());
    }

    private Verification compare(Snapshot snapshot, Ranges ranges, Progress progress, long started) {
        int counting = Math.max(1, Math.min(threads, ranges.toRead.size()));
        Recounted recounted = new Recounter(snapshot, logs, progress).count(ranges.toRead, counting);
        ranges.lost.forEach(recounted::addLost);
        Comparison comparison = new Comparison(snapshot, recounted);
        ranges.ends.forEach(comparison::compareEnd);
        comparison.compareAll();
        return new Verification(
                snapshot.stream(),
                snapshot.config().topic(),
                snapshot.base().marks().start(),
                snapshot.base().marks().next(),
                snapshot.base().marks().version(),
                snapshot.base().readAt(),
                recounted.records(),
                comparison.compared(),
                comparison.differences(),
                comparison.different(),
                recounted.lost(),
                comparison.atLeast(),
                List.copyOf(snapshot.skipped()),
                comparison.goneBuckets(),
                snapshot.unknownKeys(),
                Duration.ofNanos(System.nanoTime() - started),
                counting);
    }

    @Override
    public void close() {
        redis.close();
    }

    /** @param ends one past the last readable offset, by partition */
    private record Ranges(List<Range> toRead, List<Range> lost, SortedMap<Integer, Long> ends) {
        long length() {
            return toRead.stream().mapToLong(Range::length).sum();
        }
    }

    private Ranges ranges(Snapshot snapshot) {
        try (EventLog log = logs.apply(snapshot.config())) {
            SortedMap<Integer, Long> first = log.firstOffsets();
            SortedMap<Integer, Long> ends = new TreeMap<>(log.endOffsets());
            checkTopic(snapshot, log.topicId());
            List<Range> toRead = new ArrayList<>();
            List<Range> lost = new ArrayList<>();
            for (int partition : snapshot.partitions()) {
                for (Range range : between(partition, snapshot.marks(partition), snapshot.skipped())) {
                    long kept = Math.min(range.end(), Math.max(range.first(), first.getOrDefault(partition, 0L)));
                    long end = Math.min(range.end(), ends.getOrDefault(partition, 0L));
                    if (kept > range.first()) {
                        lost.add(new Range(partition, range.first(), kept));
                    }
                    if (end > kept) {
                        toRead.add(new Range(partition, kept, end));
                    }
                }
            }
            ends.keySet().removeIf(partition -> !ofShard(snapshot, partition));
            return new Ranges(toRead, lost, ends);
        }
    }

    /** Whether a partition belongs to what was read: all do where there is one shard. */
    private static boolean ofShard(Snapshot snapshot, int partition) {
        return Shard.of(snapshot.config(), partition).name().equals(snapshot.stream());
    }

    private static void checkTopic(Snapshot snapshot, String id) {
        String counted = snapshot.base().marks().topicId();
        if (!id.equals(counted)) {
            throw new LogRefusals(snapshot.config()).topicRecreated(id, counted);
        }
    }

    /** The ranges between one mark and the next, without what was skipped. */
    private static List<Range> between(int partition, SortedSet<Long> marks, SortedSet<Range> skipped) {
        SortedSet<Long> bounds = new TreeSet<>(marks);
        long from = marks.first();
        long to = marks.last();
        for (Range skip : skipped) {
            if (skip.partition() == partition) {
                List.of(skip.first(), skip.end()).stream()
                        .filter(bound -> bound > from && bound < to)
                        .forEach(bounds::add);
            }
        }
        List<Range> ranges = new ArrayList<>();
        Iterator<Long> each = bounds.iterator();
        long first = each.next();
        while (each.hasNext()) {
            Range range = new Range(partition, first, each.next());
            if (skipped.stream().noneMatch(s -> s.partition() == range.partition() && s.contains(range.first()))) {
                ranges.add(range);
            }
            first = range.end();
        }
        return ranges;
    }
}
