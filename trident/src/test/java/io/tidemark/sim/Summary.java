package io.tidemark.sim;

/** What a campaign did, for a person. */
final class Summary {
    private Summary() {}

    /** Some lines, of which the last is the number of mismatches. */
    static String of(Campaign campaign, long millis) {
        StringBuilder text = new StringBuilder();
        campaign.figures().all().forEach((what, n) -> text.append("%,12d  %s%n".formatted(n, what)));
        long schedules = campaign.figures().of("schedules");
        text.append("%,12d  schedules a second, in %,d s%n"
                .formatted(schedules * 1_000 / Math.max(1, millis), millis / 1_000));
        campaign.failures().forEach(failure -> text.append(failure).append('\n'));
        return text.append(campaign.failures().size()).append(" mismatches").toString();
    }
}
