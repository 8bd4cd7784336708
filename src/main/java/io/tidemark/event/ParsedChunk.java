package io.tidemark.event;

import io.tidemark.plan.Chunk;
import io.tidemark.plan.Epochs;
import io.tidemark.plan.Plan;
import io.tidemark.plan.Range;

/**
 * A chunk's records as the fields that are read. Fields stand in slots, in the order of {@link
 * io.tidemark.stream.Rules#fields}; a field's value is a code, which {@link #values} turns into the value. Not to be
 * changed; may be handed to another thread.
 */
public final class ParsedChunk {
    private final Chunk chunk;
    private final Reason[] reasons;
    private final int[] codes;
    private final FieldValue[][] values;
    private final Object[] lists;
    private final long[] times;

    ParsedChunk(Chunk chunk, Reason[] reasons, int[] codes, FieldValue[][] values, Object[] lists, long[] times) {
        this.chunk = chunk;
        this.reasons = reasons;
        this.codes = codes;
        this.values = values;
        this.lists = lists;
        this.times = times;
    }

    public Plan plan() {
        return chunk.plan();
    }

    public Range covers() {
        return chunk.covers();
    }

    public Epochs epochs() {
        return chunk.epochs();
    }

    /** Number of records. */
    public int size() {
        return chunk.size();
    }

    public long offset(int record) {
        return chunk.offset(record);
    }

    /** The record's own time, in Unix milliseconds. */
    public long timestamp(int record) {
        return chunk.timestamp(record);
    }

    /** Why the record is no event with readable fields; null when it is one. */
    public Reason reason(int record) {
        return reasons[record];
    }

    /** The code of a field's value; 0 when the field is absent or null. */
    public int code(int slot, int record) {
        return codes[record * lists.length + slot];
    }

    /** A field's values by code; two codes may stand for equal values. */
    public FieldValue[] values(int slot) {
        return values[slot];
    }

    /** The same object for as long as a field's codes mean the same values, in this chunk and in others. */
    public Object list(int slot) {
        return lists[slot];
    }

    /** The event time in Unix microseconds, or {@link EventTime#NONE} when no field could be read as one. */
    public long time(int record) {
        return times[record];
    }
}
