package io.tidemark.bench;

import io.tidemark.commit.RedisAddress;
import io.tidemark.oracle.LabelledEvents;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import redis.clients.jedis.RedisClient;

/** Sends at a steady rate and watches Redis: how long it takes from sending a record to seeing it counted. */
final class Live {
    private static final int PER_SECOND = 5_000;
    private static final int WARM_UP = 10 * PER_SECOND;
    private static final int MEASURED = 15 * PER_SECOND;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private Live() {}

    /** @param p50 and p99 in milliseconds */
    record Delay(double p50, double p99) {}

    static Delay measure(String broker, String topic, Counting counting, RedisAddress address)
            throws InterruptedException {
        long[] sent = new long[WARM_UP + MEASURED];
        long[] seen = new long[sent.length];
        AtomicBoolean late = new AtomicBoolean();
        Thread watcher = new Thread(() -> watch(counting, address, seen, late), "watcher");
        watcher.start();
        LabelledEvents events = new LabelledEvents(2, Instant.now(), Duration.ofMinutes(1), sent.length, 0.01);
        try (KafkaProducer<byte[], byte[]> producer = Topic.producer(broker)) {
            // The first ones wait until the topology is up; then the rate begins.
            for (int i = 0; i < PER_SECOND; i++) {
                send(producer, topic, events, sent, i);
            }
            producer.flush();
            while (seen[PER_SECOND - 1] == 0 && watcher.isAlive()) {
                Thread.sleep(20);
            }
            long began = System.nanoTime();
            for (int i = PER_SECOND; i < sent.length; i++) {
                long due = began + (i - PER_SECOND) * (1_000_000_000L / PER_SECOND);
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(Math.max(1, due - System.nanoTime()));
                }
                send(producer, topic, events, sent, i);
            }
        }
        watcher.join();
        if (late.get()) {
            throw new IllegalStateException("not all records were counted within " + PATIENCE);
        }
        double[] delays = new double[MEASURED];
        for (int i = 0; i < MEASURED; i++) {
            delays[i] = (seen[WARM_UP + i] - sent[WARM_UP + i]) / 1e6;
        }
        Arrays.sort(delays);
        return new Delay(delays[MEASURED / 2], delays[MEASURED * 99 / 100]);
    }

    private static void send(
            KafkaProducer<byte[], byte[]> producer, String topic, LabelledEvents events, long[] sent, int i) {
        sent[i] = System.nanoTime();
        producer.send(new ProducerRecord<>(
                topic, i % Topic.PARTITIONS, null, events.nextLine().bytes()));
    }

    /** Notes when so many records were first seen as counted. */
    private static void watch(Counting counting, RedisAddress address, long[] seen, AtomicBoolean late) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (RedisClient redis = Redis.client(address)) {
            int done = 0;
            while (done < seen.length) {
                int counted = (int) Math.min(seen.length, counting.counted(redis));
                long now = System.nanoTime();
                for (; done < counted; done++) {
                    seen[done] = now;
                }
                if (now > deadline) {
                    late.set(true);
                    return;
                }
                LockSupport.parkNanos(500_000);
            }
        }
    }
}
