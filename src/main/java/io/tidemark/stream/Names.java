package io.tidemark.stream;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How names and lengths of time are written in a configuration. */
final class Names {
    static final String RULE = "is a lower-case letter and up to 31 more of a-z, 0-9 and -";

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,31}");
    private static final Pattern TOPIC = Pattern.compile("(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}");
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,7})(s|m|h|d)");

    private Names() {}

    /** Whether it can name a stream or a dimension. */
    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** Whether it can name a Kafka topic. */
    static boolean isTopic(String text) {
        return TOPIC.matcher(text).matches();
    }

    static Optional<BucketSize> bucketSize(String label) {
        return Arrays.stream(BucketSize.values())
                .filter(size -> size.label().equals(label))
                .findFirst();
    }

    /** {@code 90s}, {@code 15m}, {@code 48h}, {@code 60d}. */
    static Optional<Duration> duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long count = Long.parseLong(matcher.group(1));
        return Optional.of(
                switch (matcher.group(2)) {
                    case "s" -> Duration.ofSeconds(count);
                    case "m" -> Duration.ofMinutes(count);
                    case "h" -> Duration.ofHours(count);
                    default -> Duration.ofDays(count);
                });
    }
}
