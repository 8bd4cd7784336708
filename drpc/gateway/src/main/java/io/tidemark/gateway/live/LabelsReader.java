package io.tidemark.gateway.live;

import java.nio.ByteBuffer;
import java.util.function.Function;

/** A reader of {@code /}, as in the talk: one object of label to count, whenever a count has changed. */
final class LabelsReader extends Reader {
    LabelsReader(Function<Reader, Readers> joining, Runnable onClosed) {
        super(joining, onClosed);
    }

    @Override
    ByteBuffer message(State state, long before) {
        boolean knowsThem = !state.labelsChanged() && before == state.seq() - 1;
        return state.isDown() || knowsThem ? null : State.shared(state.labels());
    }
}
