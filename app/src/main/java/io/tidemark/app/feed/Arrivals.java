package io.tidemark.app.feed;

import java.util.BitSet;

/**
 * Which lines have arrived, where they may do so in any order: up to which line all are in, and how many in all. Lines
 * are numbered from 0, without gaps. Thread-safe.
 */
final class Arrivals {
    private static final int SHIFT_AT = 1 << 20;

    private BitSet beyond = new BitSet();
    /** The line that bit 0 stands for. */
    private long origin;
    /** Bits below are all set. */
    private int allBelow;

    private long count;

    synchronized void arrived(long line) {
        beyond.set(Math.toIntExact(line - origin));
        count++;
        allBelow = beyond.nextClearBit(allBelow);
        if (allBelow >= SHIFT_AT) {
            beyond = beyond.get(allBelow, Math.max(allBelow, beyond.length()));
            origin += allBelow;
            allBelow = 0;
        }
    }

    /** All lines below this one have arrived. */
    synchronized long allBelow() {
        return origin + allBelow;
    }

    /** How many lines have arrived. */
    synchronized long count() {
        return count;
    }
}
