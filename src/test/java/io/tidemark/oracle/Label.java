package io.tidemark.oracle;

import java.util.Map;

/** What must become of an event, as far as its bytes decide it. */
public sealed interface Label {
    /** How far an event's time may lie before or after its record's, in milliseconds. */
    long HOUR = 3_600_000L;

    /**
     * Counted, unless its time lies too far ahead of its record's.
     *
     * @param categories value by dimension, one for each dimension of the bundled stream
     * @param time of the event in Unix milliseconds; null when it has none and the record's counts
     */
    record Counted(Map<String, String> categories, Long time) implements Label {}

    /** Rejected, whenever it comes. */
    record Rejected(String reason) implements Label {}

    /** Left out by the stream's {@code where}. */
    record Filtered() implements Label {}

    /** What must become of it in a record with this timestamp (Unix milliseconds). */
    default Verdict judge(long timestamp) {
        if (this instanceof Rejected rejected) {
            return new Verdict(rejected.reason, false, null, 0, false);
        }
        if (this instanceof Counted counted) {
            long time = counted.time == null ? timestamp : counted.time;
            if (time > timestamp + HOUR) {
                return new Verdict("time-in-future", false, null, 0, false);
            }
            return new Verdict(null, false, counted.categories, Math.floorDiv(time, 1_000L), time < timestamp - HOUR);
        }
        return new Verdict(null, true, null, 0, false);
    }

    /**
     * The verdict on one record.
     *
     * @param reason of rejection, or null
     * @param filtered whether it is left out
     * @param categories value by dimension where it is counted, else null
     * @param second the event's time in Unix seconds where it is counted
     * @param late whether it is counted in no bucket
     */
    record Verdict(String reason, boolean filtered, Map<String, String> categories, long second, boolean late) {
        public boolean counted() {
            return categories != null;
        }
    }
}
