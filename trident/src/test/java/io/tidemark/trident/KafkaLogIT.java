package io.tidemark.trident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.tidemark.plan.Chunk;
import io.tidemark.plan.LogUnavailableException;
import io.tidemark.plan.Plan;
import io.tidemark.plan.PlanText;
import io.tidemark.plan.Range;
import io.tidemark.stream.BundledStreams;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.StreamConfig;
import io.tidemark.stream.StreamConfigReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.storm.trident.operation.TridentCollector;
import org.apache.storm.trident.topology.TransactionAttempt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ranges are read exactly, whatever lies in them and whatever was read before; what cannot be read has a name. */
class KafkaLogIT {
    private static final Duration TIME = Duration.ofSeconds(20);

    @TempDir
    static Path folder;

    private static KafkaBroker broker;

    @BeforeAll
    static void start() {
        broker = KafkaBroker.start(folder.resolve("kafka"));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void anyRangesInAnyOrderAreReadExactly() {
        long seed = Long.getLong("tidemark.seed", new Random().nextLong());
        System.out.println("KafkaLogIT: -Dtidemark.seed=" + seed);
        Random random = new Random(seed);
        String id = broker.createTopic("ranges", 3);
        List<TreeMap<Long, String>> truth = fill("ranges", 3, random);
        try (KafkaLog log = log("ranges")) {
            var ends = log.endOffsets();
            long[] next = new long[3];
            for (int i = 0; i < 150; i++) {
                TreeMap<Integer, Range> ranges = new TreeMap<>();
                for (int p = 0; p < 3; p++) {
                    long end = ends.get(p);
                    if (random.nextInt(5) == 0 || next[p] >= end) {
                        next[p] = random.nextInt((int) end);
                    }
                    if (random.nextInt(4) > 0) {
                        int length = random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 1 + random.nextInt(900);
                        Range range = new Range(p, next[p], Math.min(end, next[p] + length));
                        ranges.put(p, range);
                        next[p] = range.end();
                    }
                }
                List<Chunk> chunks = new ArrayList<>();
                Plan plan = plan("ranges", id, ranges);
                log.read(plan, ranges.values(), 1 + random.nextInt(300), TIME, chunks::add);
                for (Range range : ranges.values()) {
                    assertCovers(range, chunks, truth.get(range.partition()));
                }
            }
        }
    }

    @Test
    void isClosedByAThreadThatWasInterruptedWhichStaysSo() throws Exception {
        String id = broker.createTopic("closing", 1);
        try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            send(producer, "closing", "v");
        }
        KafkaLog log = log("closing");
        TreeMap<Integer, Range> one = new TreeMap<>(Map.of(0, new Range(0, 0, 1)));
        log.read(plan("closing", id, one), one.values(), 1, TIME, chunk -> {});
        String name = Thread.currentThread().getName();
        Thread.currentThread().setName("closing");
        Thread.currentThread().interrupt();
        try {
            log.close();
        } finally {
            Thread.currentThread().setName(name);
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(Files.readAllLines(Path.of("target", "test.log"))).noneMatch(line -> line.contains("[closing]"));
    }

    private static void assertCovers(Range range, List<Chunk> chunks, TreeMap<Long, String> truth) {
        long at = range.first();
        TreeMap<Long, String> read = new TreeMap<>();
        for (Chunk chunk : chunks) {
            if (chunk.covers().partition() == range.partition()) {
                assertThat(chunk.covers().first()).isEqualTo(at);
                at = chunk.covers().end();
                for (int i = 0; i < chunk.size(); i++) {
                    read.put(chunk.offset(i), new String(chunk.value(i), StandardCharsets.UTF_8));
                }
            }
        }
        assertThat(at).isEqualTo(range.end());
        assertThat(read).isEqualTo(truth.subMap(range.first(), range.end()));
    }

    /** Plain records, and transactions that end in commits and aborts. */
    private static List<TreeMap<Long, String>> fill(String topic, int partitions, Random random) {
        List<TreeMap<Long, String>> truth = new ArrayList<>();
        for (int p = 0; p < partitions; p++) {
            truth.add(new TreeMap<>());
        }
        try (KafkaProducer<byte[], byte[]> plain = broker.producer(Map.of());
                KafkaProducer<byte[], byte[]> transactional = broker.producer(Map.of("transactional.id", topic))) {
            transactional.initTransactions();
            for (int i = 0; i < 40; i++) {
                boolean inTransaction = random.nextBoolean();
                boolean kept = !inTransaction || random.nextBoolean();
                if (inTransaction) {
                    transactional.beginTransaction();
                }
                KafkaProducer<byte[], byte[]> producer = inTransaction ? transactional : plain;
                int count = 1 + random.nextInt(inTransaction ? 30 : 200);
                for (int r = 0; r < count; r++) {
                    String value = topic + " " + i + " " + r;
                    producer.send(
                            new ProducerRecord<>(
                                    topic, random.nextInt(partitions), null, value.getBytes(StandardCharsets.UTF_8)),
                            (at, e) -> {
                                if (kept) {
                                    synchronized (truth) {
                                        truth.get(at.partition()).put(at.offset(), value);
                                    }
                                }
                            });
                }
                producer.flush();
                if (inTransaction && kept) {
                    transactional.commitTransaction();
                } else if (inTransaction) {
                    transactional.abortTransaction();
                }
            }
        }
        return truth;
    }

    @Test
    void anEndThatIsNotThereYetIsWaitedForNoLongerThanToldAndThenReadExactly() throws Exception {
        String id = broker.createTopic("late", 1);
        try (KafkaLog log = log("late");
                KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            send(producer, "late", "a");
            Plan plan = plan("late", id, new TreeMap<>(Map.of(0, new Range(0, 0, 3))));
            assertThatExceptionOfType(LogUnavailableException.class)
                    .isThrownBy(() -> log.read(plan, plan.ranges().values(), 10, Duration.ofMillis(300), chunk -> {}))
                    .withMessageContaining("could not read to the end of 0[0,3) within 300 ms");
            send(producer, "late", "b");
            send(producer, "late", "c");
            List<Chunk> chunks = new ArrayList<>();
            log.read(plan, plan.ranges().values(), 10, TIME, chunks::add);
            assertCovers(new Range(0, 0, 3), chunks, new TreeMap<>(Map.of(0L, "a", 1L, "b", 2L, "c")));
        }
    }

    @Test
    void aRangeWithoutRecordsIsOneEmptyChunkAndAnOpenTransactionIsBeyondTheEnd() {
        String id = broker.createTopic("markers", 1);
        try (KafkaLog log = log("markers");
                KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of("transactional.id", "markers"))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("markers", new byte[] {'x'}));
            producer.flush();
            assertThat(log.endOffsets()).isEqualTo(Map.of(0, 0L));
            producer.abortTransaction();
            await().atMost(TIME).until(log::endOffsets, Map.of(0, 2L)::equals);
            List<Chunk> chunks = new ArrayList<>();
            Plan plan = plan("markers", id, new TreeMap<>(Map.of(0, new Range(0, 0, 2))));
            log.read(plan, plan.ranges().values(), 10, TIME, chunks::add);
            assertThat(chunks).singleElement().satisfies(chunk -> {
                assertThat(chunk.covers()).isEqualTo(new Range(0, 0, 2));
                assertThat(chunk.size()).isZero();
            });
        }
    }

    @Test
    void recordsThatWereDeletedAreRefusedByNameAndNumber() throws Exception {
        String id = broker.createTopic("deleted", 1);
        try (KafkaLog log = log("deleted");
                KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            for (int i = 0; i < 10; i++) {
                send(producer, "deleted", "v" + i);
            }
            broker.deleteRecords("deleted", 0, 7);
            Plan plan = plan("deleted", id, new TreeMap<>(Map.of(0, new Range(0, 2, 10))));
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() -> log.read(plan, plan.ranges().values(), 10, TIME, chunk -> {}))
                    .withMessageContaining("records-lost")
                    .withMessageContaining("Kafka keeps records from 7 on; 5 offsets were deleted");
            assertThat(log.firstOffsets()).isEqualTo(Map.of(0, 7L));
        }
    }

    /** It ends beyond the mark again, so that only the leader epoch tells: other records stand where counted ones stood. */
    @Test
    void aLogThatWasTruncatedBelowTheMarkIsRefusedHoweverManyRecordsCameSince() throws Exception {
        String id = broker.createTopic("truncated", 1);
        try (KafkaLog log = log("truncated")) {
            try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
                for (int i = 0; i < 10; i++) {
                    send(producer, "truncated", "v" + i);
                }
            }
            List<Chunk> counted = new ArrayList<>();
            Plan first = plan("truncated", id, new TreeMap<>(Map.of(0, new Range(0, 0, 10))));
            log.read(first, first.ranges().values(), 100, TIME, counted::add);
            broker.stop();
            broker.loseRecordsFrom("truncated", 0, 6);
            broker.start();
            try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
                for (int i = 0; i < 10; i++) {
                    send(producer, "truncated", "other " + i);
                }
            }
            TreeMap<Integer, Integer> epochs =
                    new TreeMap<>(Map.of(0, counted.get(0).epochs().end()));
            TreeMap<Integer, Range> next = new TreeMap<>(Map.of(0, new Range(0, 10, 12)));
            Plan behind = new Plan("truncated", id, "fingerprint", "store", new TreeMap<>(), next, epochs);
            await().atMost(TIME)
                    .ignoreExceptionsInstanceOf(LogUnavailableException.class)
                    .untilAsserted(() -> {
                        try (KafkaLog fresh = log("truncated")) {
                            assertThatExceptionOfType(RefusedException.class)
                                    .isThrownBy(() -> fresh.read(behind, next.values(), 100, TIME, chunk -> {}))
                                    .withMessageContaining("log-truncated");
                        }
                    });
        }
    }

    @Test
    void whatCompactionLeftIsReadExactlyGapsIncluded() throws Exception {
        String id = broker.createTopic(
                "compacted",
                1,
                Map.of(
                        "cleanup.policy", "compact",
                        "segment.ms", "100",
                        "min.cleanable.dirty.ratio", "0.01",
                        "max.compaction.lag.ms", "100"));
        TreeMap<Long, String> left = new TreeMap<>();
        try (KafkaLog log = log("compacted");
                KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            assertThat(log.compacted()).isTrue();
            for (int i = 0; i < 40; i++) {
                String value = "v" + i;
                byte[] key = {(byte) (i % 4 == 0 ? i : 'k')};
                long at = producer.send(
                                new ProducerRecord<>("compacted", 0, key, value.getBytes(StandardCharsets.UTF_8)))
                        .get()
                        .offset();
                if (i % 4 == 0) {
                    left.put(at, value);
                }
            }
            Range all = new Range(0, 0, 39);
            Range endsInAGap = new Range(0, 4, 7);
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                send(producer, "compacted", 'r', "roll"); // only segments that are closed are cleaned
                assertCovers(all, read(log, id, all), left);
            });
            assertCovers(endsInAGap, read(log, id, endsInAGap), left);
            Range onlyAGap = new Range(0, 9, 12);
            assertCovers(onlyAGap, read(log, id, onlyAGap), left);
        }
    }

    private static List<Chunk> read(KafkaLog log, String id, Range range) {
        List<Chunk> chunks = new ArrayList<>();
        TreeMap<Integer, Range> ranges = new TreeMap<>(Map.of(range.partition(), range));
        log.read(plan("compacted", id, ranges), ranges.values(), 100, TIME, chunks::add);
        return chunks;
    }

    @Test
    void recordsLargerThanAFetchAreReadAsAnyOther() throws Exception {
        String id = broker.createTopic("large", 1);
        TreeMap<Long, String> truth = new TreeMap<>();
        Map<String, String> small = Map.of(
                "bootstrap.servers", broker.bootstrapServers(),
                "max.partition.fetch.bytes", "1000",
                "fetch.max.bytes", "1000");
        try (KafkaLog log = new KafkaLog(config("large"), small);
                KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            for (int i = 0; i < 20; i++) {
                String value = i + "x".repeat(20_000);
                truth.put((long) i, value);
                send(producer, "large", value);
            }
            Range all = new Range(0, 0, 20);
            List<Chunk> chunks = new ArrayList<>();
            Plan plan = plan("large", id, new TreeMap<>(Map.of(0, all)));
            log.read(plan, plan.ranges().values(), 7, TIME, chunks::add);
            assertCovers(all, chunks, truth);
        }
    }

    @Test
    void aTopicCreatedAnewIsRefusedByNameHoweverManyRecordsItHas() throws Exception {
        String id = broker.createTopic("anew", 1);
        try (KafkaLog log = log("anew");
                KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            send(producer, "anew", "old");
            Plan plan = plan("anew", id, new TreeMap<>(Map.of(0, new Range(0, 0, 1))));
            log.read(plan, plan.ranges().values(), 10, TIME, chunk -> {});
            broker.deleteTopic("anew");
            broker.createTopic("anew", 1);
            try (KafkaProducer<byte[], byte[]> other = broker.producer(Map.of())) {
                send(other, "anew", "new");
            }
            List<Object> emitted = new ArrayList<>();
            SpoutEmitter emitter = new SpoutEmitter(
                    config("anew"),
                    log,
                    TopologySettings.of(
                            broker.bootstrapServers(),
                            new io.tidemark.commit.RedisAddress("redis://127.0.0.1:1", null)),
                    StreamSignals.of(Map.of(), "anew"),
                    0,
                    1);
            emitter.emitBatch(new TransactionAttempt(1L, 0), PlanText.write(plan), into(emitted));
            assertThat(emitted)
                    .last()
                    .isInstanceOfSatisfying(
                            ReadFailure.class,
                            failure -> assertThat(failure.reason())
                                    .contains("topic-recreated", "it was deleted and created anew"));
        }
    }

    @Test
    void aTopicThatIsNotThereIsRefusedByName() {
        try (KafkaLog log = log("nowhere")) {
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(log::firstOffsets)
                    .withMessageContaining("topic-missing: there is no topic nowhere");
        }
    }

    @Test
    void whoWaitsIsToldAtOnce() throws Exception {
        broker.createTopic("waited", 2);
        try (KafkaLog log =
                        KafkaLog.watching(config("waited"), Map.of("bootstrap.servers", broker.bootstrapServers()));
                KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            TreeMap<Integer, Long> none = new TreeMap<>(Map.of(0, 0L, 1, 0L));
            assertThat(log.awaitRecords(none, Duration.ofMillis(200))).isEqualTo(none);
            for (int i = 0; i < 5; i++) {
                send(producer, "waited", "v");
            }
            assertThat(log.awaitRecords(none, TIME)).isNotEqualTo(none);
        }
    }

    private static TridentCollector into(List<Object> emitted) {
        return new TridentCollector() {
            @Override
            public void emit(List<Object> values) {
                emitted.add(values.get(0));
            }

            @Override
            public void flush() {
                // Nothing is held back.
            }

            @Override
            public void reportError(Throwable error) {
                throw new AssertionError(error);
            }
        };
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, String topic, int key, String value)
            throws Exception {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        producer.send(new ProducerRecord<>(topic, 0, new byte[] {(byte) key}, bytes))
                .get();
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, String topic, String value) throws Exception {
        producer.send(new ProducerRecord<>(topic, value.getBytes(StandardCharsets.UTF_8)))
                .get();
    }

    private static KafkaLog log(String topic) {
        return new KafkaLog(config(topic), Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    private static StreamConfig config(String topic) {
        String text = BundledStreams.wikipedia().text().replace("WikiPediaLogs", topic);
        return StreamConfigReader.stored(text.contains("read-committed") ? text : "read-committed: true\n" + text);
    }

    private static Plan plan(String topic, String topicId, TreeMap<Integer, Range> ranges) {
        return new Plan(topic, topicId, "fingerprint", "store", new TreeMap<>(), ranges, new TreeMap<>());
    }
}
