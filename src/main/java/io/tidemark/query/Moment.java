package io.tidemark.query;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A point in time as people write it.
 *
 * @param isRelative whether it moves with the clock
 */
record Moment(Instant at, boolean isRelative) {
    private static final Pattern AGO = Pattern.compile("-(\\d{1,9})([smhd])");

    /** No event can be before or after, and nothing is counted there. */
    private static final Instant FIRST = Instant.EPOCH;

    private static final Instant END = Instant.parse("9000-01-01T00:00:00Z");

    /**
     * @param text {@code now}, {@code -90m} before now (s, m, h, d), a date, a local time of the zone, or a time with
     *     offset
     */
    static Moment of(String text, ZoneId zone, Instant now) {
        if (text.equals("now")) {
            return new Moment(now, true);
        }
        Matcher ago = AGO.matcher(text);
        try {
            Moment moment = ago.matches()
                    ? new Moment(now.minus(length(Long.parseLong(ago.group(1)), ago.group(2))), true)
                    : new Moment(absolute(text, zone), false);
            if (moment.at().isBefore(FIRST) || !moment.at().isBefore(END)) {
                throw new DateTimeException("out of the calendar");
            }
            return moment;
        } catch (DateTimeException | ArithmeticException e) {
            throw QueryException.badRequest("\"" + text + "\" is no time: expected now, -90m, -24h, -7d, 2026-11-24,"
                    + " 2026-11-24T10:05 or 2026-11-24T10:05:00Z");
        }
    }

    private static Instant absolute(String text, ZoneId zone) {
        if (text.length() == "2026-11-24".length()) {
            return LocalDate.parse(text).atStartOfDay(zone).toInstant();
        }
        boolean hasOffset = text.endsWith("Z") || text.matches(".*[+-]\\d\\d:?\\d\\d");
        return hasOffset
                ? OffsetDateTime.parse(text).toInstant()
                : LocalDateTime.parse(text).atZone(zone).toInstant();
    }

    static Duration length(long n, String unit) {
        return switch (unit) {
            case "s" -> Duration.ofSeconds(n);
            case "m" -> Duration.ofMinutes(n);
            case "h" -> Duration.ofHours(n);
            default -> Duration.ofDays(n);
        };
    }
}
