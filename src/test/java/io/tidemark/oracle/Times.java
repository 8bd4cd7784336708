package io.tidemark.oracle;

import io.tidemark.oracle.JsonText.Member;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * When events happened, and how they say so. Most lie in the span that the caller wants, rising with a little disorder;
 * a few lie days and years before.
 */
final class Times {
    private static final List<String> NO_TIMES = List.of(
            "\"\"",
            "\"yesterday\"",
            "\"2026-04-11\"",
            "\"2026-04-11T10:00:01\"",
            "\"2026-13-11T10:00:01Z\"",
            "\"2026-04-31T10:00:01Z\"",
            "\"2026-04-11T25:00:01Z\"",
            "\"10:00:01Z\"",
            "\" 2026-04-11T10:00:01Z\"",
            "\"12x\"",
            "\"\\ufffd\"",
            "true",
            "{}",
            "{\"dt\":\"2026-04-11T10:00:01Z\"}",
            "[]",
            "[1775901601]",
            "100000000000000000",
            "\"100000000000000000\"",
            "123456789012345678901234567890",
            "null");
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final SplittableRandom random;
    private final long from;
    private final double step;
    private final long to;
    private long serial;

    /**
     * @param from first event time
     * @param to last event time, reached by the last event
     * @param events how many events to spread over that
     */
    Times(SplittableRandom random, Instant from, Instant to, long events) {
        this.random = random;
        this.from = from.toEpochMilli();
        this.to = to.toEpochMilli();
        this.step = (double) (this.to - this.from) / Math.max(1, events);
    }

    /** Adds {@code /meta/dt} and {@code /timestamp}; the first that is a time is the event's. */
    void recentChange(Draft draft, JsonText text, boolean odd) {
        long time = happened(odd);
        draft.meta = GoodDrafts.meta(text, random, serial);
        draft.meta.add(new Member("domain", odd && random.nextBoolean() ? "null" : text.text("en.wikipedia.org")));
        draft.time = time;
        if (!odd || random.nextInt(4) == 0) {
            draft.meta.add(new Member("dt", text.text(iso(time, 3))));
            draft.put("timestamp", Long.toString(Math.floorDiv(time, 1_000) - random.nextInt(10)));
            return;
        }
        switch (random.nextInt(4)) {
            case 0 -> draft.meta.add(new Member("dt", spelled(draft, time)));
            case 1 -> {
                draft.meta.add(new Member("dt", NO_TIMES.get(random.nextInt(NO_TIMES.size()))));
                draft.put("timestamp", spelled(draft, time));
            }
            case 2 -> {
                noMeta(draft);
                draft.put("timestamp", spelled(draft, time));
            }
            default -> {
                draft.meta.add(new Member("dt", NO_TIMES.get(random.nextInt(NO_TIMES.size()))));
                draft.put("timestamp", NO_TIMES.get(random.nextInt(NO_TIMES.size())));
                draft.time = null;
            }
        }
    }

    /** Wikimon has no times; now and then one stands there all the same. */
    void wikimon(Draft draft, JsonText text, boolean odd) {
        if (odd) {
            recentChange(draft, text, random.nextBoolean());
        }
    }

    /** A {@code /meta} that holds nothing, since it is no object or not there. */
    private void noMeta(Draft draft) {
        draft.meta = null;
        if (random.nextBoolean()) {
            draft.put(
                    Draft.META,
                    List.of("null", "\"canary\"", "[{\"domain\":\"canary\"}]", "5", "{}")
                            .get(random.nextInt(5)));
        }
    }

    private long happened(boolean odd) {
        serial++;
        long now = Math.min(to, from + (long) (serial * step));
        if (odd && random.nextInt(10) == 0) {
            long[] before = {3_600_001L, 5_400_000L, 86_400_000L, 49 * 3_600_000L, 61 * 86_400_000L, 400L * 86_400_000L
            };
            return now - before[random.nextInt(before.length)] - random.nextInt(1_000_000);
        }
        return now - random.nextInt(20_000);
    }

    /** A time in one of the spellings that count; sets the draft's time to what is left of it. */
    private String spelled(Draft draft, long millis) {
        long second = Math.floorDiv(millis, 1_000) * 1_000;
        boolean exact = random.nextBoolean();
        switch (random.nextInt(7)) {
            case 0 -> {
                draft.time = second;
                return quoted(Long.toString(second / 1_000));
            }
            case 1 -> {
                draft.time = millis;
                return quoted(Long.toString(millis));
            }
            case 2 -> {
                draft.time = millis;
                return quoted(millis + String.format(Locale.ROOT, "%03d", random.nextInt(1_000)));
            }
            case 3 -> {
                draft.time = exact ? millis : second;
                return "\"" + offset(draft.time) + "\"";
            }
            case 4 -> {
                draft.time = second;
                return second / 1_000 + ".0";
            }
            case 5 -> {
                draft.time = millis;
                return "\"" + iso(millis, List.of(3, 6, 9).get(random.nextInt(3))) + "\"";
            }
            default -> {
                draft.time = second;
                return "\"" + iso(second, 0) + "\"";
            }
        }
    }

    private String quoted(String digits) {
        return random.nextBoolean() ? digits : "\"" + digits + "\"";
    }

    private String offset(long millis) {
        String zone = List.of("+02:00", "-05:00", "+05:45", "+00:00", "-00:30", "+14:00")
                .get(random.nextInt(6));
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                Instant.ofEpochMilli(millis).atOffset(ZoneOffset.of(zone)));
    }

    static String iso(long millis, int fraction) {
        String digits = String.format(Locale.ROOT, "%03d", Math.floorMod(millis, 1_000L)) + "000000";
        return SECONDS.format(Instant.ofEpochMilli(millis)) + (fraction == 0 ? "" : "." + digits.substring(0, fraction))
                + "Z";
    }
}
