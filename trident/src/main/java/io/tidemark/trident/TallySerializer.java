package io.tidemark.trident;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import io.tidemark.plan.Plan;
import io.tidemark.stream.BucketSize;
import io.tidemark.tally.Accounts;
import io.tidemark.tally.CountKey;
import io.tidemark.tally.RejectedRecord;
import io.tidemark.tally.Tally;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A tally on its way to another worker. Plans that its parts share are sent once. */
public final class TallySerializer extends Serializer<Tally> {
    private static final BucketSize[] SIZES = BucketSize.values();

    @Override
    public void write(Kryo kryo, Output output, Tally tally) {
        List<Tally.Part> parts = tally.parts();
        List<Plan> plans = parts.stream().map(Tally.Part::plan).distinct().toList();
        output.writeInt(plans.size(), true);
        plans.forEach(plan -> Wire.writePlan(output, plan));
        output.writeInt(parts.size(), true);
        for (Tally.Part part : parts) {
            output.writeInt(plans.indexOf(part.plan()), true);
            writePart(output, part);
        }
    }

    private static void writePart(Output output, Tally.Part part) {
        Wire.writeRange(output, part.covers());
        output.writeInt(part.leaderEpoch());
        output.writeLong(part.asOf());
        Accounts accounts = part.accounts();
        output.writeLong(accounts.records(), true);
        output.writeLong(accounts.counted(), true);
        output.writeLong(accounts.rejected(), true);
        output.writeLong(accounts.filtered(), true);
        output.writeLong(accounts.late(), true);
        writeCounts(output, part.reasons());
        output.writeInt(part.rejected().size(), true);
        for (RejectedRecord rejected : part.rejected()) {
            output.writeLong(rejected.offset(), true);
            output.writeString(rejected.reason());
        }
        output.writeInt(part.additions().size(), true);
        part.additions().forEach((key, counts) -> {
            output.writeString(key.dimension());
            output.writeInt(key.size() == null ? 0 : key.size().ordinal() + 1, true);
            output.writeLong(key.start());
            writeCounts(output, counts);
        });
    }

    private static void writeCounts(Output output, Map<String, Long> counts) {
        output.writeInt(counts.size(), true);
        counts.forEach((name, n) -> {
            output.writeString(name);
            output.writeLong(n, true);
        });
    }

    @Override
    public Tally read(Kryo kryo, Input input, Class<? extends Tally> type) {
        int planCount = input.readInt(true);
        List<Plan> plans = new ArrayList<>();
        for (int i = 0; i < planCount; i++) {
            plans.add(Wire.readPlan(input));
        }
        int parts = input.readInt(true);
        Tally tally = Tally.NOTHING;
        for (int i = 0; i < parts; i++) {
            tally = tally.merge(Tally.of(readPart(input, plans.get(input.readInt(true)))));
        }
        return tally;
    }

    private static Tally.Part readPart(Input input, Plan plan) {
        var covers = Wire.readRange(input);
        int leaderEpoch = input.readInt();
        long asOf = input.readLong();
        Accounts accounts = new Accounts(
                input.readLong(true),
                input.readLong(true),
                input.readLong(true),
                input.readLong(true),
                input.readLong(true));
        Map<String, Long> reasons = readCounts(input);
        int rejectedCount = input.readInt(true);
        List<RejectedRecord> rejected = new ArrayList<>();
        for (int i = 0; i < rejectedCount; i++) {
            rejected.add(new RejectedRecord(input.readLong(true), input.readString()));
        }
        int keys = input.readInt(true);
        Map<CountKey, Map<String, Long>> additions = new LinkedHashMap<>();
        for (int i = 0; i < keys; i++) {
            String dimension = input.readString();
            int size = input.readInt(true);
            CountKey key = new CountKey(dimension, size == 0 ? null : SIZES[size - 1], input.readLong());
            additions.put(key, readCounts(input));
        }
        return new Tally.Part(plan, covers, leaderEpoch, asOf, accounts, reasons, rejected, additions);
    }

    private static Map<String, Long> readCounts(Input input) {
        int size = input.readInt(true);
        Map<String, Long> counts = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            counts.put(input.readString(), input.readLong(true));
        }
        return counts;
    }
}
