package io.tidemark.stream;

import java.util.Objects;

/**
 * One value of one dimension, {@code actor:bot}.
 *
 * @param dimension name of the dimension
 * @param value exactly as counted, reserved values included
 */
public record Category(String dimension, String value) {
    public Category {
        Objects.requireNonNull(dimension, "dimension");
        Objects.requireNonNull(value, "value");
    }

    @Override
    public String toString() {
        return dimension + ":" + value;
    }
}
