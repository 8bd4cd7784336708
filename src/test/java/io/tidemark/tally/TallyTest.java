package io.tidemark.tally;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.event.ChunkParser;
import io.tidemark.plan.Chunk;
import io.tidemark.plan.Epochs;
import io.tidemark.plan.Plan;
import io.tidemark.plan.Range;
import io.tidemark.stream.BucketSize;
import io.tidemark.stream.BundledStreams;
import io.tidemark.stream.StreamConfig;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** However a range is cut, ordered, merged and sent, what is read is the same. */
class TallyTest {
    private static final StreamConfig WIKI = BundledStreams.wikipedia();
    private static final long NOW = Instant.parse("2026-04-11T10:00:00Z").toEpochMilli();

    /** Everything that can be read of a tally. */
    private record Read(
            Plan plan,
            List<Range> covers,
            Accounts accounts,
            SortedMap<String, Long> reasons,
            SortedMap<Integer, List<RejectedRecord>> rejected,
            SortedMap<Integer, Long> asOf,
            SortedMap<Integer, Epochs> epochs,
            Map<CountKey, Map<String, Long>> additions) {
        static Read of(Tally tally) {
            return new Read(
                    tally.plan(),
                    tally.covers(),
                    tally.accounts(),
                    tally.reasons(),
                    tally.rejected(),
                    tally.asOf(),
                    tally.epochs(),
                    tally.additions());
        }
    }

    static List<Long> seeds() {
        long first = System.nanoTime();
        System.out.println("TallyTest: seeds from " + first + " on");
        List<Long> seeds = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            seeds.add(first + i);
        }
        return seeds;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatIsReadDoesNotDependOnCutsOrderOrMerging(long seed) throws IOException {
        Random random = new Random(seed);
        Topic topic = new Topic(random);
        Read whole = Read.of(topic.tallyOf(new Random(0), 1));
        for (int i = 0; i < 5; i++) {
            List<Tally> tallies = topic.cut(random, 1 + random.nextInt(12));
            Collections.shuffle(tallies, random);
            Tally merged = merge(tallies, random);
            assertThat(Read.of(merged)).isEqualTo(whole);
            assertThat(Read.of(sent(merged))).isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theLeavesAddUpToAPlainCount(long seed) {
        Random random = new Random(seed);
        Topic topic = new Topic(random);
        Map<CountKey, Map<String, Long>> plain = new HashMap<>();
        topic.users.forEach((partition, users) -> {
            for (int i = 0; i < users.length; i++) {
                if (users[i] != null) {
                    CountKey hour = CountKey.bucket(
                            "user",
                            BucketSize.HOUR,
                            Math.floorDiv(topic.timestamps.get(partition)[i] / 1000, 3600L) * 3600);
                    plain.computeIfAbsent(hour, k -> new HashMap<>()).merge(users[i], 1L, Long::sum);
                }
            }
        });
        Map<CountKey, Map<String, Long>> users =
                new HashMap<>(topic.tallyOf(random, 7).additions());
        users.keySet().removeIf(key -> !key.dimension().equals("user"));
        assertThat(users).isEqualTo(plain);
    }

    /** As when a log was truncated and grew again while it was read: the parts continue each other by their offsets alone. */
    @ParameterizedTest
    @MethodSource("seeds")
    void partsOfTwoLogsAreFoundAlsoAfterSending(long seed) throws IOException {
        Topic topic = new Topic(new Random(seed));
        List<Tally> ofOne = topic.cut(new Random(seed), 4);
        topic.epochs = new Epochs(8, 8);
        List<Tally> ofAnother = topic.cut(new Random(seed), 4);
        for (int i = 1; i < ofOne.size(); i++) {
            Range first = ofOne.get(i - 1).covers().get(0);
            Range next = ofAnother.get(i).covers().get(0);
            if (first.partition() == next.partition()) {
                assertThat(sent(ofOne.get(i - 1).merge(ofOne.get(i))).covers()).hasSize(1);
                assertThatThrownBy(sent(ofOne.get(i - 1).merge(ofAnother.get(i)))::covers)
                        .isInstanceOf(MixedLogsException.class);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void overlapsAndForeignPlansAreFoundAlsoAfterSending(long seed) throws IOException {
        Random random = new Random(seed);
        Topic topic = new Topic(random);
        List<Tally> tallies = topic.cut(random, 4);
        Tally twice = merge(tallies, random).merge(tallies.get(0));
        assertThatThrownBy(sent(twice)::covers).isInstanceOf(OverlapException.class);
        Tally foreign =
                merge(tallies, random).merge(new Topic(random).cut(random, 2).get(0));
        assertThatThrownBy(sent(foreign)::plan).isInstanceOf(MixedPlansException.class);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aChunkArrivesAsItWasSent(long seed) throws IOException {
        Random random = new Random(seed);
        Chunk chunk = new Topic(random).chunks(random, 3).get(0);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        chunk.writeTo(new DataOutputStream(bytes));
        Chunk read = Chunk.readFrom(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        assertThat(read).usingRecursiveComparison().isEqualTo(chunk);
    }

    @Test
    void moreValuesThanAreRememberedChangeNothing() {
        ChunkParser parser = new ChunkParser(WIKI);
        ChunkCounter counter = new ChunkCounter(WIKI);
        Map<String, Long> expected = new HashMap<>();
        Map<String, Long> found = new HashMap<>();
        CountKey hour = CountKey.bucket("user", BucketSize.HOUR, NOW / 1000);
        Tally tally = Tally.NOTHING;
        for (int chunk = 0; chunk < 12; chunk++) {
            Counting counting = new Counting(WIKI, NOW);
            for (int i = 0; i < 5_000; i++) {
                String user = "User " + (chunk * 5_000 + i) % 23_000;
                counting.add("{\"type\":\"edit\",\"user\":\"" + user + "\"}");
                expected.merge(user, 1L, Long::sum);
            }
            Tally one = counter.count(parser.parse(counting.chunk()));
            one.additions().get(hour).forEach((user, n) -> found.merge(user, n, Long::sum));
            tally = tally.merge(one);
        }
        assertThat(found).isEqualTo(expected);
        assertThat(tally.additions().get(hour)).isEqualTo(expected);
        assertThat(tally.additions().get(CountKey.total("action"))).isEqualTo(Map.of("edit", 60_000L));
    }

    private static Tally merge(List<Tally> tallies, Random random) {
        List<Tally> left = new ArrayList<>(tallies);
        while (left.size() > 1) {
            Tally one = left.remove(random.nextInt(left.size()));
            int other = random.nextInt(left.size());
            left.set(
                    other,
                    random.nextBoolean()
                            ? one.merge(left.get(other))
                            : left.get(other).merge(one));
        }
        return random.nextBoolean()
                ? Tally.NOTHING.merge(left.get(0))
                : left.get(0).merge(Tally.NOTHING);
    }

    private static Tally sent(Tally tally) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        tally.writeTo(new DataOutputStream(bytes));
        return Tally.readFrom(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    }

    /** Two or three partitions of random records, some of them bad, with gaps between offsets. */
    private static final class Topic {
        private final Map<Integer, byte[][]> values = new TreeMap<>();
        private final Map<Integer, long[]> offsets = new TreeMap<>();
        private final Map<Integer, long[]> timestamps = new TreeMap<>();
        private final Map<Integer, String[]> users = new TreeMap<>();
        private final Plan plan;
        private Epochs epochs = new Epochs(7, 7);

        Topic(Random random) {
            SortedMap<Integer, Range> ranges = new TreeMap<>();
            SortedMap<Integer, Long> start = new TreeMap<>();
            int partitions = 2 + random.nextInt(2);
            for (int partition = 0; partition < partitions; partition++) {
                int size = random.nextInt(1_500);
                long first = random.nextInt(100);
                start.put(partition, first);
                long end = fill(random, partition, size, first);
                ranges.put(partition, new Range(partition, first, end + 1 + random.nextInt(3)));
            }
            plan = new Plan("wiki", "topic " + random.nextInt(), "f", "s", start, ranges, new TreeMap<>(Map.of(0, 4)));
        }

        private long fill(Random random, int partition, int size, long first) {
            byte[][] records = new byte[size][];
            long[] at = new long[size];
            long[] times = new long[size];
            String[] names = new String[size];
            long offset = first - 1;
            for (int i = 0; i < size; i++) {
                offset += 1 + (random.nextInt(10) == 0 ? random.nextInt(5) : 0);
                at[i] = offset;
                times[i] = NOW + random.nextInt(7_200_000);
                if (random.nextInt(3) > 0 || i % 40 > 0) {
                    names[i] = "User " + random.nextInt(random.nextInt(5) == 0 ? 3 : 3_000);
                    records[i] = ("{\"type\":\"" + "edit,new,log".split(",")[random.nextInt(3)] + "\",\"user\":\""
                                    + names[i] + "\",\"namespace\":" + random.nextInt(20) + ",\"title\":\"t\"}")
                            .getBytes(StandardCharsets.UTF_8);
                } else {
                    records[i] = random.nextInt(4) == 0 ? null : "bad".getBytes(StandardCharsets.UTF_8);
                }
            }
            values.put(partition, records);
            offsets.put(partition, at);
            timestamps.put(partition, times);
            users.put(partition, names);
            return offset;
        }

        Tally tallyOf(Random random, int cuts) {
            return merge(cut(random, cuts), random);
        }

        List<Tally> cut(Random random, int cuts) {
            List<ChunkParser> parsers = List.of(new ChunkParser(WIKI), new ChunkParser(WIKI));
            List<ChunkCounter> counters = List.of(new ChunkCounter(WIKI), new ChunkCounter(WIKI));
            List<Tally> tallies = new ArrayList<>();
            for (Chunk chunk : chunks(random, cuts)) {
                ChunkParser parser = parsers.get(random.nextInt(2));
                tallies.add(counters.get(random.nextInt(2)).count(parser.parse(chunk)));
            }
            return tallies;
        }

        List<Chunk> chunks(Random random, int cuts) {
            List<Chunk> chunks = new ArrayList<>();
            plan.ranges().forEach((partition, range) -> {
                long from = range.first();
                for (int left = cuts; left > 0 && from < range.end(); left--) {
                    long end = left == 1
                            ? range.end()
                            : from + 1 + (long) (random.nextDouble() * (range.end() - from - 1));
                    chunks.add(chunk(new Range(partition, from, Math.min(end, range.end()))));
                    from = end;
                }
            });
            return chunks;
        }

        private Chunk chunk(Range range) {
            long[] all = offsets.get(range.partition());
            int first = 0;
            while (first < all.length && all[first] < range.first()) {
                first++;
            }
            int end = first;
            while (end < all.length && all[end] < range.end()) {
                end++;
            }
            return new Chunk(
                    plan,
                    range,
                    epochs,
                    end - first,
                    Arrays.copyOfRange(all, first, end),
                    Arrays.copyOfRange(timestamps.get(range.partition()), first, end),
                    Arrays.copyOfRange(values.get(range.partition()), first, end));
        }
    }
}
