package io.tidemark.gateway.live;

import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/** A reader of {@code /live}: whole cuts, and what has changed. */
final class LiveReader extends Reader {
    private static final int SOONEST_RETRY_MS = 250;
    private static final int LATEST_RETRY_MS = 5_000;

    LiveReader(Function<Reader, Readers> joining, Runnable onClosed) {
        super(joining, onClosed);
    }

    @Override
    ByteBuffer message(State state, long before) {
        if (state.isDown()) {
            return State.shared(state.down());
        }
        if (state.changes() != null && before == state.seq() - 1) {
            return State.shared(state.changes());
        }
        long missed = before == 0 ? 0 : state.seq() - before - 1;
        return ByteBuffer.wrap(Messages.whole(state, missed, retryMillis()));
    }

    /** Each reader's own, so that they do not all come back at once. */
    private static int retryMillis() {
        return ThreadLocalRandom.current().nextInt(SOONEST_RETRY_MS, LATEST_RETRY_MS);
    }
}
