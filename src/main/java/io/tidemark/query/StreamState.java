package io.tidemark.query;

import io.tidemark.cut.CoordinatorView;
import io.tidemark.cut.Reading;
import io.tidemark.stream.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How a stream fares, by Redis's clock.
 *
 * @param name {@code running}, {@code idle}, {@code stalled}, {@code refused}, {@code no-coordinator}
 * @param why one sentence for a person
 */
record StreamState(String name, String why) {
    /** A coordinator reports about once a second. */
    private static final Duration COORDINATOR_ALIVE = Duration.ofSeconds(10);

    private static final Duration STALLED = Duration.ofSeconds(5);
    private static final Duration IDLE = Duration.ofSeconds(10);

    static StreamState of(Reading reading) {
        Instant now = reading.cut().readAt();
        CoordinatorView coordinator = reading.coordinator();
        Refusal refusal = refusal(reading);
        if (coordinator.at() == null) {
            return new StreamState("no-coordinator", "no coordinator has reported yet: is the topology running?");
        }
        if (older(coordinator.at(), now, COORDINATOR_ALIVE)) {
            return new StreamState(
                    "no-coordinator",
                    "the coordinator " + coordinator.writer() + " last reported " + seconds(coordinator.at(), now)
                            + " s ago: is the topology running?");
        }
        if (refusal != null) {
            return new StreamState("refused", refusal.code() + ": " + refusal.message());
        }
        long lag = lag(lags(reading));
        if (coordinator.behindSince() != null && older(coordinator.behindSince(), now, STALLED)) {
            String open = openTransactions(reading);
            if (lag == 0 && !open.isEmpty()) {
                return new StreamState(
                        "stalled",
                        open + ", for " + seconds(coordinator.behindSince(), now)
                                + " s: end the producer that holds it," + " or abort it with: kafka-transactions.sh");
            }
            return new StreamState(
                    "stalled",
                    lag + " records wait beyond the mark, which has not moved for "
                            + seconds(coordinator.behindSince(), now) + " s: look into the worker's log");
        }
        if (lag == 0 && older(reading.cut().committedAt(), now, IDLE)) {
            return new StreamState("idle", "everything on the topic has been counted");
        }
        return new StreamState("running", lag == 0 ? "up to date" : lag + " records behind");
    }

    /** Why the stream is refused; null when it is not. */
    static Refusal refusal(Reading reading) {
        if (!reading.frozen().isEmpty()) {
            return new Refusal("frozen", "commits are refused while the stream is " + reading.frozen());
        }
        return reading.coordinator().refusal();
    }

    /** Offsets beyond the mark, by partition; at most so many events, since a log may have gaps. */
    static SortedMap<Integer, Long> lags(Reading reading) {
        SortedMap<Integer, Long> lags = new TreeMap<>();
        reading.coordinator().ends().forEach((partition, end) -> {
            long mark = reading.cut().offsets().getOrDefault(partition, 0L);
            lags.put(partition, Math.max(0, end - mark));
        });
        return lags;
    }

    /** Where open transactions hold back what follows them, for a person. */
    private static String openTransactions(Reading reading) {
        return reading.coordinator().open().keySet().stream()
                .map(partition -> "partition " + partition + ": an open transaction holds back all from offset "
                        + reading.coordinator().ends().get(partition) + " on")
                .collect(Collectors.joining("; "));
    }

    /** Where each partition ends, as far as is known: what was counted is no older than what the coordinator saw. */
    static SortedMap<Integer, Long> ends(Reading reading) {
        SortedMap<Integer, Long> ends = new TreeMap<>(reading.coordinator().ends());
        ends.replaceAll(
                (partition, end) -> Math.max(end, reading.cut().offsets().getOrDefault(partition, 0L)));
        return ends;
    }

    static long lag(SortedMap<Integer, Long> lags) {
        return lags.values().stream().mapToLong(Long::longValue).sum();
    }

    /** What can be said of the parts: {@code up}, {@code away}. Redis is up, since it has answered. */
    static Map<String, String> components(Reading reading) {
        CoordinatorView coordinator = reading.coordinator();
        boolean alive = coordinator.at() != null
                && !older(coordinator.at(), reading.cut().readAt(), COORDINATOR_ALIVE);
        Map<String, String> components = new LinkedHashMap<>();
        components.put("redis", "up");
        components.put("coordinator", alive ? "up" : "away");
        components.put("kafka", !alive ? "unknown" : coordinator.ends().isEmpty() ? "away" : "up");
        return components;
    }

    /** How long ago the largest timestamp was that has been counted, while something waits; 0 when nothing does. */
    static long lagSeconds(Reading reading) {
        Instant asOf = reading.cut().asOf();
        if (asOf == null || lag(lags(reading)) == 0) {
            return 0;
        }
        return Math.max(0, seconds(asOf, reading.cut().readAt()));
    }

    private static boolean older(Instant then, Instant now, Duration than) {
        return Duration.between(then, now).compareTo(than) > 0;
    }

    private static long seconds(Instant then, Instant now) {
        return Duration.between(then, now).toSeconds();
    }
}
