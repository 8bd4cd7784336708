package io.tidemark.trident;

import io.tidemark.plan.Chunk;
import io.tidemark.stream.Dimension;
import io.tidemark.stream.Shard;
import io.tidemark.stream.StreamConfig;
import io.tidemark.tally.Accounts;
import io.tidemark.tally.CountKey;
import io.tidemark.tally.RejectedRecord;
import io.tidemark.tally.Tally;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.storm.topology.FailedException;
import org.apache.storm.trident.operation.BaseFunction;
import org.apache.storm.trident.operation.TridentCollector;
import org.apache.storm.trident.operation.TridentOperationContext;
import org.apache.storm.trident.tuple.TridentTuple;
import org.apache.storm.tuple.Values;

/** Chunk of bytes to the shard that its sums are kept in, and its tally, by a program's own function. */
final class SumChunk extends BaseFunction {
    private static final long serialVersionUID = 1L;
    private static final int MOST_BYTES = 512;
    private static final int MOST_REASON = 64;

    private final StreamSource source;
    private final Sums.OfRecord ofRecord;
    private transient StreamConfig config;
    private transient StreamSignals signals;

    SumChunk(StreamSource source, Sums.OfRecord ofRecord) {
        this.source = source;
        this.ofRecord = ofRecord;
    }

    @Override
    public void prepare(Map<String, Object> stormConfig, TridentOperationContext context) {
        config = source.config();
        signals = StreamSignals.of(stormConfig, source.name());
    }

    /** @throws FailedException when the batch could not be read */
    @Override
    public void execute(TridentTuple tuple, TridentCollector collector) {
        if (tuple.getValue(0) instanceof ReadFailure failure) {
            throw new FailedException(failure.reason());
        }
        Chunk chunk = (Chunk) tuple.getValue(0);
        Tally tally;
        try {
            tally = tally(chunk, ofRecord);
        } catch (RuntimeException e) {
            throw signals.broken("stream " + source.name() + ": adding up " + chunk.covers(), e);
        }
        Shard shard = Shard.of(config, chunk.covers().partition());
        collector.emit(new Values(shard.name(), tally));
    }

    /** What a chunk adds. */
    static Tally tally(Chunk chunk, Sums.OfRecord ofRecord) {
        Map<String, Long> sums = new HashMap<>();
        Map<String, Long> reasons = new TreeMap<>();
        List<RejectedRecord> rejected = new ArrayList<>();
        long asOf = Long.MIN_VALUE;
        for (int i = 0; i < chunk.size(); i++) {
            asOf = Math.max(asOf, chunk.timestamp(i));
            OneRecord record = new OneRecord();
            ofRecord.add(chunk.value(i), record);
            if (record.rejected == null) {
                record.sums.forEach((key, amount) -> sums.merge(key, amount, Math::addExact));
            } else {
                reasons.merge(record.rejected, 1L, Long::sum);
                rejected.add(new RejectedRecord(chunk.offset(i), record.rejected));
            }
        }
        int kept = Math.max(0, rejected.size() - RejectedRecord.KEPT);
        return Tally.of(new Tally.Part(
                chunk.plan(),
                chunk.covers(),
                chunk.epochs(),
                asOf,
                new Accounts(chunk.size(), chunk.size() - rejected.size(), rejected.size(), 0, 0),
                reasons,
                List.copyOf(rejected.subList(kept, rejected.size())),
                Map.of(CountKey.total(Dimension.SUMS), sums)));
    }

    /** Kept apart until the record is through: one that is rejected in the middle adds nothing. */
    private static final class OneRecord implements Sums.Adding {
        private final Map<String, Long> sums = new HashMap<>();
        private String rejected;

        @Override
        public void add(String key, long amount) {
            Objects.requireNonNull(key, "key");
            boolean fits = key.getBytes(StandardCharsets.UTF_8).length <= MOST_BYTES;
            sums.merge(fits ? key : "(too long)", amount, Math::addExact);
        }

        @Override
        public void reject(String reason) {
            if (reason.isEmpty() || reason.length() > MOST_REASON || reason.indexOf(' ') >= 0) {
                throw new IllegalArgumentException("a reason is a word of 1 to " + MOST_REASON
                        + " characters without blanks, this is \"" + reason + "\"");
            }
            rejected = reason;
        }
    }
}
