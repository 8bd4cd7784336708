package io.tidemark.bench;

import io.tidemark.oracle.LabelledEvents;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Events that flow at a steady rate until this is closed. */
public final class Events implements AutoCloseable {
    private static final int MOST = 50_000_000;

    private final Thread thread;
    private final AtomicLong sent = new AtomicLong();
    private final long began = System.nanoTime();
    private volatile boolean closed;

    private Events(String broker, String topic, int perSecond) {
        thread = new Thread(() -> send(broker, topic, perSecond), "events");
        thread.setDaemon(true);
    }

    /** Sends from now on. */
    public static Events flow(String broker, String topic, int perSecond) {
        Events events = new Events(broker, topic, perSecond);
        events.thread.start();
        return events;
    }

    private void send(String broker, String topic, int perSecond) {
        LabelledEvents events = new LabelledEvents(3, Instant.now(), Duration.ofMinutes(1), MOST, 0.01);
        try (KafkaProducer<byte[], byte[]> producer = Topic.producer(broker)) {
            for (int i = 0; i < MOST && !closed; i++) {
                long due = began + i * (1_000_000_000L / perSecond);
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(Math.max(1, due - System.nanoTime()));
                }
                producer.send(new ProducerRecord<>(
                        topic, i % Topic.PARTITIONS, null, events.nextLine().bytes()));
                sent.incrementAndGet();
            }
        }
    }

    /** How many a second have been sent so far, on average. */
    public double perSecond() {
        return sent.get() / ((System.nanoTime() - began) / 1e9);
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
