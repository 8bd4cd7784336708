package io.tidemark.tally;

import io.tidemark.category.RecordRules;
import io.tidemark.category.Verdict;
import io.tidemark.event.ParsedChunk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What becomes of records, worked out once for each set of facts that occurs, and the facts once for each value of a
 * field. Used by one thread.
 */
final class Decisions {
    /** Beyond so many sets of facts they are worked out anew. */
    private static final int LARGE = 1 << 15;

    private final RecordRules rules;
    private final List<DimensionCounter> counters;
    private final int words;
    private final int slots;
    private final long[][] factsByCode;
    private final Object[] lists;
    private final long[] facts;
    private final List<Map<Integer, CategorySource>> sources = new ArrayList<>();
    private long[] keys;
    private Decision[] decisions;
    private int count;

    Decisions(RecordRules rules, int slots, List<DimensionCounter> counters) {
        this.rules = rules;
        this.counters = counters;
        this.slots = slots;
        words = rules.words();
        facts = new long[words];
        factsByCode = new long[slots][words];
        lists = new Object[slots];
        counters.forEach(counter -> sources.add(new HashMap<>()));
        clear(256);
    }

    private void clear(int size) {
        keys = new long[size * words];
        decisions = new Decision[size];
        count = 0;
    }

    /** To be called before the records of a chunk. */
    void begin(ParsedChunk chunk) {
        for (int slot = 0; slot < slots; slot++) {
            int length = chunk.values(slot).length * words;
            if (lists[slot] != chunk.list(slot)) {
                lists[slot] = chunk.list(slot);
                factsByCode[slot] = new long[length];
            } else if (length > factsByCode[slot].length) {
                factsByCode[slot] = Arrays.copyOf(factsByCode[slot], length);
            }
        }
        for (int d = 0; d < counters.size(); d++) {
            boolean forget = counters.get(d).refresh();
            sources.get(d).values().forEach(source -> source.begin(chunk, forget));
        }
    }

    Decision of(ParsedChunk chunk, int record) {
        Arrays.fill(facts, 0);
        for (int slot = 0; slot < slots; slot++) {
            int code = chunk.code(slot, record);
            if (code != 0) {
                addFacts(chunk, slot, code);
            }
        }
        int place = hash() & decisions.length - 1;
        while (decisions[place] != null) {
            if (Arrays.equals(keys, place * words, place * words + words, facts, 0, words)) {
                return decisions[place];
            }
            place = place + 1 & decisions.length - 1;
        }
        return decide(chunk, place);
    }

    private void addFacts(ParsedChunk chunk, int slot, int code) {
        long[] known = factsByCode[slot];
        int from = code * words;
        // Each value sets the bit that says that its field is there, so all zeros means not worked out yet.
        boolean isKnown = false;
        for (int word = 0; word < words; word++) {
            isKnown |= known[from + word] != 0;
        }
        if (!isKnown) {
            System.arraycopy(rules.facts(slot, chunk.values(slot)[code]), 0, known, from, words);
        }
        for (int word = 0; word < words; word++) {
            facts[word] |= known[from + word];
        }
    }

    private int hash() {
        long hash = 0;
        for (long word : facts) {
            hash = (hash ^ word) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 32;
        }
        return (int) hash;
    }

    private Decision decide(ParsedChunk chunk, int free) {
        Verdict verdict = rules.verdict(facts);
        CategorySource[] of = new CategorySource[verdict.isCounted() ? counters.size() : 0];
        for (int d = 0; d < of.length; d++) {
            of[d] = source(chunk, d, verdict.rules()[d]);
        }
        Decision decision = new Decision(verdict.rejected(), verdict.filtered(), of);
        System.arraycopy(facts, 0, keys, free * words, words);
        decisions[free] = decision;
        if (++count > LARGE) {
            clear(256);
        } else if (2 * count > decisions.length) {
            grow();
        }
        return decision;
    }

    private CategorySource source(ParsedChunk chunk, int dimension, int rule) {
        return sources.get(dimension).computeIfAbsent(rule, r -> {
            CategorySource source = new CategorySource(rules.category(dimension, r), counters.get(dimension));
            source.begin(chunk, true);
            return source;
        });
    }

    private void grow() {
        long[] oldKeys = keys;
        Decision[] old = decisions;
        long[] current = facts.clone();
        int oldCount = count;
        clear(2 * old.length);
        count = oldCount;
        for (int i = 0; i < old.length; i++) {
            if (old[i] != null) {
                System.arraycopy(oldKeys, i * words, facts, 0, words);
                int place = hash() & decisions.length - 1;
                while (decisions[place] != null) {
                    place = place + 1 & decisions.length - 1;
                }
                System.arraycopy(facts, 0, keys, place * words, words);
                decisions[place] = old[i];
            }
        }
        System.arraycopy(current, 0, facts, 0, words);
    }
}
