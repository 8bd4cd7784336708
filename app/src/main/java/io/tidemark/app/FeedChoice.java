package io.tidemark.app;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What feeds a service that starts. */
enum FeedChoice {
    DEMO,
    NONE;

    /** Reads {@code demo} and {@code none}. */
    static final class Reader implements ITypeConverter<FeedChoice> {
        @Override
        public FeedChoice convert(String text) {
            return switch (text) {
                case "demo" -> DEMO;
                case "none" -> NONE;
                default -> throw new TypeConversionException("\"" + text + "\" is no feed; there are demo and none");
            };
        }
    }
}
