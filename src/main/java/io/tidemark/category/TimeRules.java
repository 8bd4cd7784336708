package io.tidemark.category;

import io.tidemark.event.EventTime;
import java.time.Duration;

/** What a record's two times decide: its event time, which stands in it, and its timestamp in the log. Immutable. */
public final class TimeRules {
    /** An event further ahead of its record is taken for a mistake. */
    private static final long MOST_AHEAD_MICROS = 3_600_000_000L;

    /** Record timestamps outside the years 0 to 9999 count as their bounds: bucket names have four digits of year. */
    private static final long EARLIEST_MILLIS = -62_167_219_200_000L;

    private static final long LATEST_MILLIS = 253_402_300_799_999L;

    private final long latenessMicros;

    /** @param lateness how far an event's time may lie before its record's */
    public TimeRules(Duration lateness) {
        latenessMicros = lateness.toMillis() * 1_000;
    }

    /**
     * The time that an event counts at, in Unix microseconds.
     *
     * @param time that was read from the record, or {@link EventTime#NONE}
     * @param timestamp of the record, in Unix milliseconds
     */
    public long effective(long time, long timestamp) {
        return time == EventTime.NONE ? micros(timestamp) : time;
    }

    /** Whether an event is rejected as {@code time-in-future}. @param effective time of the event */
    public boolean isInFuture(long effective, long timestamp) {
        return effective - micros(timestamp) > MOST_AHEAD_MICROS;
    }

    /** Whether an event counts in no bucket. @param effective time of the event */
    public boolean isLate(long effective, long timestamp) {
        return micros(timestamp) - effective > latenessMicros;
    }

    private static long micros(long timestamp) {
        return Math.max(EARLIEST_MILLIS, Math.min(LATEST_MILLIS, timestamp)) * 1_000;
    }
}
