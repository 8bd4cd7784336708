package io.tidemark.query;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a bucket of an answer is: so many seconds, counted from 1970 in UTC, or a day of a time zone.
 *
 * @param label as answered
 * @param seconds of a usual one
 * @param days of which zone; null when it is a number of seconds
 */
record Step(String label, long seconds, ZoneId days) {
    private static final Pattern LENGTH = Pattern.compile("(\\d{1,6})([mhd])");
    private static final long DAY = 86_400;

    /** Buckets of one answer. */
    static final int MOST = 2_000;

    static Step of(String text, ZoneId zone) {
        return switch (text) {
            case "minute" -> new Step("minute", 60, null);
            case "hour" -> new Step("hour", 3_600, null);
            case "day", "1d" -> new Step("day", DAY, isUtc(zone) ? null : zone);
            default -> {
                Matcher length = LENGTH.matcher(text);
                long seconds = length.matches()
                        ? Moment.length(Long.parseLong(length.group(1)), length.group(2))
                                .toSeconds()
                        : 0;
                if (seconds == 0) {
                    throw QueryException.badRequest(
                            "step \"" + text + "\": expected minute, hour, day, or a length such as 5m, 6h, 7d");
                }
                yield new Step(text, seconds, null);
            }
        };
    }

    /** What a person would take for a period of this length. */
    static Step usual(Duration period, ZoneId zone) {
        if (period.compareTo(Duration.ofHours(3)) <= 0) {
            return of("minute", zone);
        }
        return of(period.compareTo(Duration.ofDays(7)) <= 0 ? "hour" : "day", zone);
    }

    /** The starts of all buckets from that of {@code from} to that before {@code to}, and the end of the last. */
    List<Long> edges(Moment from, Moment to) {
        if (to.at().isBefore(from.at())) {
            throw QueryException.badRequest("the period ends at " + to.at() + ", before it begins at " + from.at());
        }
        long last = up(to.at());
        List<Long> edges = new ArrayList<>();
        for (long edge = from.isRelative() ? up(from.at()) : down(from.at()); edge < last; edge = next(edge)) {
            edges.add(edge);
            if (edges.size() > MOST) {
                throw new QueryException(
                        "too-many-buckets",
                        "from " + from.at() + " to " + to.at() + " there are more than " + MOST + " buckets of " + label
                                + ": ask for a shorter period or longer steps",
                        List.of());
            }
        }
        if (edges.isEmpty()) {
            edges.add(down(from.at()));
        }
        edges.add(next(edges.get(edges.size() - 1)));
        return edges;
    }

    private long down(Instant at) {
        if (days != null) {
            return LocalDate.ofInstant(at, days).atStartOfDay(days).toEpochSecond();
        }
        return Math.floorDiv(at.getEpochSecond(), seconds) * seconds;
    }

    private long up(Instant at) {
        long down = down(at);
        return Instant.ofEpochSecond(down).equals(at.truncatedTo(ChronoUnit.MILLIS)) ? down : next(down);
    }

    private long next(long edge) {
        return days == null
                ? edge + seconds
                : LocalDate.ofInstant(Instant.ofEpochSecond(edge), days)
                        .plusDays(1)
                        .atStartOfDay(days)
                        .toEpochSecond();
    }

    private static boolean isUtc(ZoneId zone) {
        return zone.normalized().equals(ZoneOffset.UTC);
    }
}
