package io.tidemark.event;

import io.tidemark.plan.Chunk;
import io.tidemark.stream.StreamConfig;

/** Parses chunks of a stream, each in one pass. An instance is used by one thread at a time; it remembers no record. */
public final class ChunkParser {
    private final FieldTree tree;
    private final RecordParser parser;

    public ChunkParser(StreamConfig config) {
        tree = new FieldTree(config.rules());
        parser = new RecordParser(tree);
    }

    /** The fields that are read of each record, or why it has none. Never throws for what a record holds. */
    public ParsedChunk parse(Chunk chunk) {
        int size = chunk.size();
        parser.begin(size);
        Reason[] reasons = new Reason[size];
        long[] times = new long[size];
        for (int record = 0; record < size; record++) {
            reasons[record] = parser.parse(chunk.value(record), record);
            times[record] = parser.time();
        }
        FieldValue[][] values = new FieldValue[tree.slots()][];
        Object[] lists = new Object[tree.slots()];
        for (int slot = 0; slot < tree.slots(); slot++) {
            values[slot] = parser.values(slot).byCode();
            lists[slot] = parser.values(slot);
        }
        return new ParsedChunk(chunk, reasons, parser.codes(), values, lists, times);
    }
}
