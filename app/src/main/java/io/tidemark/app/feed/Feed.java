package io.tidemark.app.feed;

import io.tidemark.app.CommandFailedException;
import io.tidemark.app.ExitCodes;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends records to one topic, each exactly once for as long as this object lives, whatever the broker does meanwhile:
 * the producer is idempotent, and waits for a broker that is away. Lines are numbered from 0 in the order of sending.
 * One thread sends; the others may ask.
 */
public final class Feed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Feed.class);

    /** As long as Kafka's clock of a delivery goes: more than three weeks. */
    private static final int NEVER_GIVE_UP_MS = Integer.MAX_VALUE;

    private final String topic;
    private final Producer<byte[], byte[]> producer;
    private final LongConsumer onTooLarge;
    private final Arrivals arrivals = new Arrivals();
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    /** Written by the sending thread only. */
    private volatile long sent;

    /**
     * @param largestMessage the most bytes of a batch that the topic takes ({@code max.message.bytes})
     * @param onTooLarge is told the number of each line that is larger; such a line counts as dealt with
     */
    public Feed(String bootstrapServers, String topic, int largestMessage, Duration linger, LongConsumer onTooLarge) {
        this.topic = topic;
        this.onTooLarge = onTooLarge;
        Map<String, Object> conf = new HashMap<>();
        conf.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        conf.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        conf.put(ProducerConfig.ACKS_CONFIG, "all");
        conf.put(ProducerConfig.RETRIES_CONFIG, Integer.MAX_VALUE);
        conf.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, NEVER_GIVE_UP_MS);
        conf.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.MAX_VALUE);
        conf.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        conf.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
        conf.put(ProducerConfig.LINGER_MS_CONFIG, (int) linger.toMillis());
        conf.put(ProducerConfig.BATCH_SIZE_CONFIG, 1 << 17);
        conf.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, largestMessage);
        producer = new KafkaProducer<>(conf, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * Sends the next line; blocks while the broker takes no more.
     *
     * @param timestamp of the record in Unix milliseconds, or null for the time of sending
     * @throws CommandFailedException when an earlier line was refused by the broker for good
     */
    public void send(byte[] line, Long timestamp) {
        checkFailure();
        long number = sent;
        sent = number + 1;
        try {
            producer.send(new ProducerRecord<>(topic, null, timestamp, null, line), (metadata, e) -> {
                if (e == null) {
                    arrivals.arrived(number);
                } else {
                    refused(number, e);
                }
            });
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            refused(number, e);
        }
    }

    /** Passes over a line that is not to be sent. */
    void skip() {
        arrivals.arrived(sent);
        sent = sent + 1;
    }

    private void refused(long line, Exception e) {
        if (e instanceof RecordTooLargeException) {
            onTooLarge.accept(line);
            arrivals.arrived(line);
        } else if (failure.compareAndSet(null, e)) {
            LOG.error("line {} (from 0) was refused", line, e);
        }
    }

    private void checkFailure() {
        Exception e = failure.get();
        if (e != null) {
            throw new CommandFailedException(
                    ExitCodes.FAILED, "the broker refuses records of topic " + topic + ": " + e.getMessage(), e);
        }
    }

    /** How many lines were sent or passed over. */
    long sent() {
        return sent;
    }

    /** All lines below this one are in. */
    long allInBelow() {
        return arrivals.allBelow();
    }

    /** How many lines are in, those that were passed over included. */
    public long in() {
        return arrivals.count();
    }

    /** Waits until everything that was sent is in. @throws CommandFailedException when the broker refused some of it */
    void flush() {
        producer.flush();
        checkFailure();
    }

    /** Sends what is still on its way, for so long at most. */
    void close(Duration patience) {
        producer.close(patience);
    }

    @Override
    public void close() {
        close(Duration.ofSeconds(2));
    }
}
