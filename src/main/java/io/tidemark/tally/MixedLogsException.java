package io.tidemark.tally;

/**
 * Neighbouring parts of a tally were read from two logs: Kafka lost records in between and wrote others in their place.
 * The batch must fail.
 */
public final class MixedLogsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MixedLogsException(Tally.Part one, Tally.Part next) {
        super("ranges " + one.covers() + " and " + next.covers() + " are of two logs: the one ends in leader epoch "
                + one.epochs().end() + ", before the other stands "
                + next.epochs().before());
    }
}
