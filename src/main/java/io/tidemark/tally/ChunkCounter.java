package io.tidemark.tally;

import io.tidemark.category.CategoryOf;
import io.tidemark.category.RecordRules;
import io.tidemark.category.Verdict;
import io.tidemark.event.EventTime;
import io.tidemark.event.FieldValue;
import io.tidemark.event.ParsedChunk;
import io.tidemark.event.Reason;
import io.tidemark.stream.BucketSize;
import io.tidemark.stream.Dimension;
import io.tidemark.stream.StreamConfig;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts the records of chunks. An instance is used by one thread at a time; it remembers no record. */
public final class ChunkCounter {
    private static final long MOST_AHEAD_MICROS = 3_600_000_000L;

    private final StreamConfig config;
    private final RecordRules rules;
    private final long latenessMicros;

    public ChunkCounter(StreamConfig config) {
        this.config = config;
        this.rules = new RecordRules(config.rules());
        this.latenessMicros = config.lateness().toMillis() * 1_000;
    }

    /** What counting a chunk gives; never fails for what a record holds. */
    public Tally count(ParsedChunk chunk) {
        Map<String, Long> reasons = new HashMap<>();
        Deque<RejectedRecord> rejected = new ArrayDeque<>();
        Map<CountKey, Map<String, Long>> additions = new HashMap<>();
        long asOf = Long.MIN_VALUE;
        long counted = 0;
        long filtered = 0;
        long late = 0;
        for (int record = 0; record < chunk.size(); record++) {
            asOf = Math.max(asOf, chunk.timestamp(record));
            Verdict verdict = verdict(chunk, record);
            if (verdict.filtered()) {
                filtered++;
            } else if (verdict.isCounted()) {
                counted++;
                late += count(chunk, record, verdict, additions) ? 0 : 1;
            } else {
                reasons.merge(verdict.rejected().label(), 1L, Long::sum);
                rejected.addLast(new RejectedRecord(
                        chunk.offset(record), verdict.rejected().label()));
                if (rejected.size() > RejectedRecord.KEPT) {
                    rejected.removeFirst();
                }
            }
        }
        long rejectedCount = reasons.values().stream().mapToLong(n -> n).sum();
        return Tally.of(new Tally.Part(
                chunk.plan(),
                chunk.covers(),
                chunk.leaderEpoch(),
                asOf,
                new Accounts(chunk.size(), counted, rejectedCount, filtered, late),
                reasons,
                new ArrayList<>(rejected),
                additions));
    }

    private Verdict verdict(ParsedChunk chunk, int record) {
        Reason reason = chunk.reason(record);
        if (reason != null) {
            return new Verdict(reason, false, new int[0]);
        }
        long[] facts = new long[rules.words()];
        for (int slot = 0; slot < config.rules().fields().size(); slot++) {
            int code = chunk.code(slot, record);
            if (code != 0) {
                long[] own = rules.facts(slot, chunk.values(slot)[code]);
                for (int word = 0; word < facts.length; word++) {
                    facts[word] |= own[word];
                }
            }
        }
        Verdict verdict = rules.verdict(facts);
        boolean ahead = verdict.isCounted()
                && chunk.time(record) != EventTime.NONE
                && chunk.time(record) - chunk.timestamp(record) * 1_000 > MOST_AHEAD_MICROS;
        return ahead ? new Verdict(Reason.TIME_IN_FUTURE, false, new int[0]) : verdict;
    }

    /** @return whether it fell into buckets; a late one does not */
    private boolean count(ParsedChunk chunk, int record, Verdict verdict, Map<CountKey, Map<String, Long>> additions) {
        long recordMicros = chunk.timestamp(record) * 1_000;
        long time = chunk.time(record) == EventTime.NONE ? recordMicros : chunk.time(record);
        boolean late = recordMicros - time > latenessMicros;
        long second = Math.floorDiv(time, 1_000_000L);
        for (int d = 0; d < config.dimensions().size(); d++) {
            Dimension dimension = config.dimensions().get(d);
            String category = category(chunk, record, d, verdict.rules()[d]);
            List<CountKey> keys = new ArrayList<>();
            if (dimension.total()) {
                keys.add(CountKey.total(dimension.name()));
            }
            if (!late) {
                for (BucketSize size : dimension.buckets()) {
                    keys.add(CountKey.bucket(dimension.name(), size, size.startOf(second)));
                }
            }
            keys.forEach(
                    key -> additions.computeIfAbsent(key, k -> new HashMap<>()).merge(category, 1L, Long::sum));
        }
        return !late;
    }

    private String category(ParsedChunk chunk, int record, int dimension, int rule) {
        CategoryOf gives = rules.category(dimension, rule);
        int[] slots = gives.slots();
        FieldValue[] values = new FieldValue[slots.length];
        for (int i = 0; i < slots.length; i++) {
            values[i] = chunk.values(slots[i])[chunk.code(slots[i], record)];
        }
        return gives.of(values);
    }
}
