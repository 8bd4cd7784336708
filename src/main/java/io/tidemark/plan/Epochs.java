package io.tidemark.plan;

/**
 * Which log some offsets were read from, where Kafka may have lost records and written others at the same offsets. Each
 * leader has an epoch of its own and writes one log, so an offset and the epoch of the record before it name everything
 * below the offset. What was read from two logs never fits together: the one's {@code end} is not the other's
 * {@code before}.
 *
 * @param before leader epoch of what stands before the first offset; {@value #UNTOLD} when unknown
 * @param end leader epoch of what stands at the last offset, or right behind it; {@value #UNTOLD} when unknown
 */
public record Epochs(int before, int end) {
    /** Stands for an epoch that nobody told. */
    public static final int UNTOLD = -1;

    /** Of offsets of which nothing is known. */
    public static final Epochs UNKNOWN = new Epochs(UNTOLD, UNTOLD);

    /** Whether these offsets, right behind those, are of the same log. */
    public boolean follow(Epochs those) {
        return those.end == before;
    }
}
