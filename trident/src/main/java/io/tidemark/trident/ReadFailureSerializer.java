package io.tidemark.trident;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;

/** A failure to read on its way to another worker. */
public final class ReadFailureSerializer extends Serializer<ReadFailure> {
    @Override
    public void write(Kryo kryo, Output output, ReadFailure failure) {
        output.writeString(failure.reason());
    }

    @Override
    public ReadFailure read(Kryo kryo, Input input, Class<? extends ReadFailure> type) {
        return new ReadFailure(input.readString());
    }
}
