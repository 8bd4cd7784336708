package io.tidemark.trident;

import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import io.tidemark.plan.Plan;
import io.tidemark.plan.PlanText;
import io.tidemark.plan.Range;

/** Words that several messages are made of. */
final class Wire {
    private Wire() {}

    static void writePlan(Output output, Plan plan) {
        output.writeString(PlanText.write(plan));
    }

    static Plan readPlan(Input input) {
        String text = input.readString();
        return PlanText.read(text).orElseThrow(() -> new KryoException("not a plan: " + text));
    }

    static void writeRange(Output output, Range range) {
        output.writeInt(range.partition(), true);
        output.writeLong(range.first(), true);
        output.writeLong(range.end(), true);
    }

    static Range readRange(Input input) {
        return new Range(input.readInt(true), input.readLong(true), input.readLong(true));
    }
}
