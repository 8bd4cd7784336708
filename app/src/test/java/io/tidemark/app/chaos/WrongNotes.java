package io.tidemark.app.chaos;

import io.tidemark.oracle.LabelledEvent;
import java.util.function.UnaryOperator;

/** Notes each Nth event with the label of the one before it. Used by one thread at a time. */
final class WrongNotes implements UnaryOperator<LabelledEvent> {
    private final int each;
    private LabelledEvent before;
    private long count;

    WrongNotes(int each) {
        this.each = each;
    }

    @Override
    public LabelledEvent apply(LabelledEvent event) {
        LabelledEvent noted = before != null && ++count % each == 0
                ? new LabelledEvent(event.bytes(), before.label(), event.how())
                : event;
        before = event;
        return noted;
    }
}
