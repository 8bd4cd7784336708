package io.tidemark.trident;

import java.util.Objects;

/** Stands in a batch for records that could not be read, so that the batch fails at once. @param reason for a person */
public record ReadFailure(String reason) {
    public ReadFailure {
        Objects.requireNonNull(reason, "reason");
    }
}
