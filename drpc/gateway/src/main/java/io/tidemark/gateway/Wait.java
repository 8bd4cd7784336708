package io.tidemark.gateway;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long a caller wants to wait for a cut that is not there yet. */
final class Wait {
    static final Duration MOST = Duration.ofSeconds(10);
    private static final Pattern TEXT = Pattern.compile("(\\d{1,6})(ms|s)?");

    private Wait() {}

    /**
     * Reads {@code 2s}, {@code 500ms} or plain seconds.
     *
     * @param text null for no wait
     * @throws IllegalArgumentException when it is none, or more than 10 s
     */
    static Duration parse(String text) {
        if (text == null) {
            return Duration.ZERO;
        }
        Matcher matcher = TEXT.matcher(text);
        if (matcher.matches()) {
            long number = Long.parseLong(matcher.group(1));
            Duration wait = "ms".equals(matcher.group(2)) ? Duration.ofMillis(number) : Duration.ofSeconds(number);
            if (wait.compareTo(MOST) <= 0) {
                return wait;
            }
        }
        throw new IllegalArgumentException("wait=" + text + ": expected at most 10s, like wait=2s or wait=500ms");
    }
}
