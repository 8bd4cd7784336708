package io.tidemark.trident;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import io.tidemark.plan.Chunk;
import io.tidemark.plan.Epochs;

/** A chunk on its way to another worker. */
public final class ChunkSerializer extends Serializer<Chunk> {
    @Override
    public void write(Kryo kryo, Output output, Chunk chunk) {
        Wire.writePlan(output, chunk.plan());
        Wire.writeRange(output, chunk.covers());
        output.writeInt(chunk.epochs().before());
        output.writeInt(chunk.epochs().end());
        output.writeInt(chunk.size(), true);
        for (int i = 0; i < chunk.size(); i++) {
            output.writeLong(chunk.offset(i), true);
            output.writeLong(chunk.timestamp(i));
            byte[] value = chunk.value(i);
            output.writeInt(value == null ? 0 : value.length + 1, true);
            if (value != null) {
                output.writeBytes(value);
            }
        }
    }

    @Override
    public Chunk read(Kryo kryo, Input input, Class<? extends Chunk> type) {
        var plan = Wire.readPlan(input);
        var covers = Wire.readRange(input);
        Epochs epochs = new Epochs(input.readInt(), input.readInt());
        int size = input.readInt(true);
        long[] offsets = new long[size];
        long[] timestamps = new long[size];
        byte[][] values = new byte[size][];
        for (int i = 0; i < size; i++) {
            offsets[i] = input.readLong(true);
            timestamps[i] = input.readLong();
            int length = input.readInt(true);
            values[i] = length == 0 ? null : input.readBytes(length - 1);
        }
        return new Chunk(plan, covers, epochs, size, offsets, timestamps, values);
    }
}
