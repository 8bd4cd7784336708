package io.tidemark.oracle;

import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;

/**
 * An endless stream of events for the bundled Wikipedia stream, each with the verdict that the contract gives it. The
 * verdict is known from how the event was made. The same arguments give the same events.
 *
 * <p>Nearly every event has a number of its own in it; where two have the same bytes, they have the same label. Not
 * thread-safe.
 */
public final class LabelledEvents {
    private final SplittableRandom random;
    private final JsonText text;
    private final GoodDrafts good;
    private final BadEvents bad;
    private final double badShare;

    /**
     * @param seed decides everything but the times
     * @param to the latest event time that is no fault; faults of time lie more than two hours beyond it
     * @param span event times rise over this long a time, up to {@code to}
     * @param events over how many events they do so
     * @param badShare share of events that are rejected or filtered, 0 to 1
     */
    public LabelledEvents(long seed, Instant to, Duration span, long events, double badShare) {
        random = new SplittableRandom(seed);
        text = new JsonText(random.split());
        good = new GoodDrafts(random.split(), text, new Times(random.split(), to.minus(span), to, events));
        bad = new BadEvents(random.split(), text, good, to);
        this.badShare = badShare;
    }

    /** The next event, whatever its bytes. */
    public LabelledEvent next() {
        text.unusual(random.nextInt(50) == 0);
        if (random.nextDouble() < badShare) {
            return bad.next();
        }
        Draft draft = good.next();
        String json = draft.json(text, random);
        return new LabelledEvent(
                json.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                new Label.Counted(java.util.Map.copyOf(draft.categories), draft.time),
                "good");
    }

    /** The next event that fits on a line of a file. */
    public LabelledEvent nextLine() {
        LabelledEvent event = next();
        while (!event.fitsOnALine()) {
            event = next();
        }
        return event;
    }
}
