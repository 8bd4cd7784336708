package io.tidemark.trident;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import io.tidemark.tally.Tally;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A tally on its way to another worker, in its own form. */
public final class TallySerializer extends Serializer<Tally> {
    @Override
    public void write(Kryo kryo, Output output, Tally tally) {
        try {
            tally.writeTo(new DataOutputStream(output));
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
    }

    @Override
    public Tally read(Kryo kryo, Input input, Class<? extends Tally> type) {
        try {
            return Tally.readFrom(new DataInputStream(input));
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory failed", e);
        }
    }
}
