package io.tidemark.app.cluster;

import io.tidemark.oracle.LabelledEvent;
import io.tidemark.oracle.LabelledEvents;
import io.tidemark.oracle.WikipediaStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends events whose verdict is known, at an even pace, each once whatever the broker does, until it is closed. */
public final class LabelledFeed implements AutoCloseable {
    private static final double BAD = 0.01;
    private static final int BURST = 20;
    private static final long MOST_EVENTS = 10_000_000;

    private final LabelledEvents events;
    private final Consumer<LabelledEvent> noted;
    private final KafkaProducer<byte[], byte[]> producer;
    private final long nanosBetweenBursts;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private final Thread thread;
    private volatile boolean closed;

    /** @param noted is told of each event before it is sent */
    public LabelledFeed(String kafka, long seed, int perSecond, Consumer<LabelledEvent> noted) {
        this.events = new LabelledEvents(seed, Instant.now(), Duration.ofHours(49), MOST_EVENTS, BAD);
        this.noted = noted;
        this.nanosBetweenBursts = 1_000_000_000L * BURST / perSecond;
        this.producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        kafka,
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        true,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        (int) Duration.ofMinutes(5).toMillis(),
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        (int) Duration.ofMinutes(5).toMillis(),
                        ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                        500),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        this.thread = new Thread(this::send, "feed");
        thread.start();
    }

    private void send() {
        long next = System.nanoTime();
        while (!closed && failure.get() == null) {
            for (int i = 0; i < BURST; i++) {
                LabelledEvent event = events.next();
                noted.accept(event);
                sent.incrementAndGet();
                producer.send(new ProducerRecord<>(WikipediaStream.TOPIC, event.bytes()), (metadata, e) -> {
                    if (e != null) {
                        failure.compareAndSet(null, e);
                    }
                });
            }
            next = Math.max(next + nanosBetweenBursts, System.nanoTime() - nanosBetweenBursts);
            LockSupport.parkNanos(next - System.nanoTime());
        }
    }

    /** Events so far, some of which may still be under way. */
    public long sent() {
        return sent.get();
    }

    /**
     * Sends no more; returns when the broker has all.
     *
     * @throws AssertionError when it could not take one
     */
    public void finish() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close();
        if (failure.get() != null) {
            throw new AssertionError("an event could not be sent", failure.get());
        }
    }

    /** Finishes. */
    @Override
    public void close() {
        finish();
    }
}
