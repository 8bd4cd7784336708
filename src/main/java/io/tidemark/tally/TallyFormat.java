package io.tidemark.tally;

import io.tidemark.plan.Epochs;
import io.tidemark.plan.Plan;
import io.tidemark.plan.Range;
import io.tidemark.stream.BucketSize;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A tally as bytes, for another worker: the plans, what each part covers, and the sum of what all of them add, in the
 * finest buckets. Both sides run the same version.
 */
final class TallyFormat {
    private TallyFormat() {}

    static void write(DataOutput out, Tally tally) throws IOException {
        List<Tally.Part> parts = tally.parts();
        List<Plan> plans = parts.stream().map(Tally.Part::plan).distinct().toList();
        out.writeInt(plans.size());
        for (Plan plan : plans) {
            plan.writeTo(out);
        }
        out.writeInt(parts.size());
        ColumnSums sums = new ColumnSums();
        for (Tally.Part part : parts) {
            out.writeInt(plans.indexOf(part.plan()));
            writeHead(out, part);
            part.counts().columns().forEach(sums::add);
        }
        List<Column> columns = sums.columns();
        out.writeInt(columns.size());
        for (Column column : columns) {
            writeColumn(out, column);
        }
    }

    static Tally read(DataInput in) throws IOException {
        int planCount = in.readInt();
        List<Plan> plans = new ArrayList<>();
        for (int i = 0; i < planCount; i++) {
            plans.add(Plan.readFrom(in));
        }
        int partCount = in.readInt();
        List<Tally.Part> heads = new ArrayList<>();
        for (int i = 0; i < partCount; i++) {
            heads.add(readHead(in, plans.get(in.readInt())));
        }
        int columnCount = in.readInt();
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < columnCount; i++) {
            columns.add(readColumn(in));
        }
        Tally tally = Tally.NOTHING;
        for (int i = 0; i < partCount; i++) {
            tally = tally.merge(Tally.of(i == 0 ? heads.get(i).with(new Counts(columns)) : heads.get(i)));
        }
        return tally;
    }

    private static void writeHead(DataOutput out, Tally.Part part) throws IOException {
        part.covers().writeTo(out);
        out.writeInt(part.epochs().before());
        out.writeInt(part.epochs().end());
        out.writeLong(part.asOf());
        Accounts accounts = part.accounts();
        out.writeLong(accounts.records());
        out.writeLong(accounts.counted());
        out.writeLong(accounts.rejected());
        out.writeLong(accounts.filtered());
        out.writeLong(accounts.late());
        out.writeInt(part.reasons().size());
        for (Map.Entry<String, Long> reason : part.reasons().entrySet()) {
            out.writeUTF(reason.getKey());
            out.writeLong(reason.getValue());
        }
        out.writeInt(part.rejected().size());
        for (RejectedRecord rejected : part.rejected()) {
            out.writeLong(rejected.offset());
            out.writeUTF(rejected.reason());
        }
    }

    private static Tally.Part readHead(DataInput in, Plan plan) throws IOException {
        Range covers = Range.readFrom(in);
        Epochs epochs = new Epochs(in.readInt(), in.readInt());
        long asOf = in.readLong();
        Accounts accounts = new Accounts(in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readLong());
        Map<String, Long> reasons = new LinkedHashMap<>();
        int reasonCount = in.readInt();
        for (int i = 0; i < reasonCount; i++) {
            reasons.put(in.readUTF(), in.readLong());
        }
        List<RejectedRecord> rejected = new ArrayList<>();
        int rejectedCount = in.readInt();
        for (int i = 0; i < rejectedCount; i++) {
            rejected.add(new RejectedRecord(in.readLong(), in.readUTF()));
        }
        return new Tally.Part(plan, covers, epochs, asOf, accounts, reasons, rejected, new Counts(List.of()));
    }

    private static void writeColumn(DataOutput out, Column column) throws IOException {
        out.writeUTF(column.kept().dimension());
        out.writeBoolean(column.kept().total());
        int sizes = 0;
        for (BucketSize size : column.kept().sizes()) {
            sizes |= 1 << size.ordinal();
        }
        out.writeByte(sizes);
        out.writeLong(column.start());
        out.writeInt(column.names().length);
        for (int i = 0; i < column.names().length; i++) {
            // A category has at most 512 bytes and one backslash, far below writeUTF's limit.
            out.writeUTF(column.names()[i]);
            out.writeLong(column.counts()[i]);
        }
    }

    private static Column readColumn(DataInput in) throws IOException {
        String dimension = in.readUTF();
        boolean total = in.readBoolean();
        int bits = in.readByte();
        Set<BucketSize> sizes = EnumSet.noneOf(BucketSize.class);
        for (BucketSize size : BucketSize.values()) {
            if ((bits >> size.ordinal() & 1) != 0) {
                sizes.add(size);
            }
        }
        long start = in.readLong();
        int length = in.readInt();
        String[] names = new String[length];
        int[] ids = new int[length];
        long[] counts = new long[length];
        for (int i = 0; i < length; i++) {
            names[i] = in.readUTF();
            ids[i] = i;
            counts[i] = in.readLong();
        }
        return new Column(new Kept(dimension, total, sizes), start, names, names, ids, counts);
    }
}
