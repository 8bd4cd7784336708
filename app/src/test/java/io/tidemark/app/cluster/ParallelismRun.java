package io.tidemark.app.cluster;

import io.tidemark.app.service.DataFolder;
import io.tidemark.app.service.ServiceInfo.StreamInfo;
import io.tidemark.commit.RedisStore;
import io.tidemark.oracle.LabelledEvents;
import io.tidemark.oracle.WikipediaStream;
import io.tidemark.stream.BundledStreams;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import redis.clients.jedis.RedisClient;

/**
 * Drains the same topic on a cluster of processes with two workers and 1, 2 and 4 emitters and parsers, in turn, and
 * prints how fast each was; all must leave the same counts. Arguments: records, rounds. Ends with 1 when counts differ.
 */
public final class ParallelismRun {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration TO_LAUNCH = Duration.ofSeconds(60);
    private static final String MAIN = "tidemark:{" + WikipediaStream.NAME + "}";

    /** Workers warm up before the clock starts. */
    private static final double WARM = 0.3;

    private final StormCluster cluster;
    private final RedisClient redis;
    private final long records;

    private ParallelismRun(StormCluster cluster, RedisClient redis, long records) {
        this.cluster = cluster;
        this.redis = redis;
        this.records = records;
    }

    public static void main(String[] args) throws Exception {
        long records = Long.parseLong(args[0]);
        int rounds = Integer.parseInt(args[1]);
        Path folder = Files.createTempDirectory("tidemark-parallelism");
        boolean same;
        try (StormCluster cluster = StormCluster.start(
                new DataFolder(folder),
                new ClusterOptions(0, 0, 0, 8L << 30, 512, TO_LAUNCH),
                List.of(new StreamInfo(WikipediaStream.NAME, WikipediaStream.TOPIC)),
                System.out::println)) {
            Runtime.getRuntime().addShutdownHook(new Thread(cluster::close));
            cluster.awaitReady();
            try (RedisClient redis = Judge.client(cluster.info().redisAddress())) {
                ParallelismRun run = new ParallelismRun(cluster, redis, records);
                run.fill();
                same = run.all(rounds);
            }
        }
        DataFolder.remove(folder);
        System.exit(same ? 0 : 1);
    }

    private void fill() {
        LabelledEvents events = new LabelledEvents(1, Instant.now(), Duration.ofHours(49), records, 0.01);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", cluster.info().kafka(), "linger.ms", 20, "batch.size", 1 << 17),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (long i = 0; i < records; i++) {
                producer.send(new ProducerRecord<>(
                        WikipediaStream.TOPIC,
                        (int) (i % 4),
                        null,
                        events.next().bytes()));
            }
        }
    }

    private boolean all(int rounds) throws InterruptedException {
        System.out.printf(Locale.ROOT, "%,d records on 4 partitions, 2 workers, the Wikipedia stream%n", records);
        List<String> counts = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            for (int parallelism : List.of(1, 2, 4)) {
                double perSecond = drain(parallelism, "p" + parallelism + "-" + round);
                counts.add(contents());
                System.out.printf(
                        Locale.ROOT,
                        "  round %d  %d emitters, %d parsers  %,10.0f records/s  counts %08x%n",
                        round,
                        parallelism,
                        parallelism,
                        perSecond,
                        counts.get(counts.size() - 1).hashCode());
            }
        }
        boolean same = counts.stream().distinct().count() == 1;
        System.out.println(same ? "all left the same counts" : "THE COUNTS DIFFER");
        return same;
    }

    private double drain(int parallelism, String name) throws InterruptedException {
        try (RedisStore store =
                new RedisStore(cluster.info().redisAddress(), BundledStreams.wikipedia(), "parallelism")) {
            store.reset();
        }
        String tasks = Integer.toString(parallelism);
        cluster.submit(List.of(
                "--name", name, "--workers", "2", "--emitters", tasks, "--parsers", tasks, "--batch-records", "50000"));
        awaitCounted((long) (records * WARM));
        long from = counted();
        long began = System.nanoTime();
        awaitCounted(records);
        double seconds = (System.nanoTime() - began) / 1e9;
        cluster.topologies().kill(name, Duration.ofSeconds(1));
        Awaitility.await().atMost(PATIENCE).until(() -> cluster.workers().isEmpty());
        return (records - from) / seconds;
    }

    private void awaitCounted(long atLeast) {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> counted() >= atLeast);
    }

    private long counted() {
        String counted = redis.hget(MAIN + ":accounts", "records");
        return counted == null ? 0 : Long.parseLong(counted);
    }

    /** Everything that was counted, as text. */
    private String contents() {
        StringBuilder all = new StringBuilder();
        for (String key : redis.keys(MAIN + ":*").stream().sorted().toList()) {
            if (key.endsWith(":health")) {
                continue;
            }
            all.append(key).append(' ');
            all.append(
                    redis.type(key).equals("hash")
                            ? new TreeMap<>(redis.hgetAll(key)).toString()
                            : redis.zrangeWithScores(key, 0, -1).toString());
            all.append('\n');
        }
        return all.toString();
    }
}
