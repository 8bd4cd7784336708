package io.tidemark.query;

import io.tidemark.cut.Ranking;
import io.tidemark.cut.Span;
import io.tidemark.cut.Wish;
import io.tidemark.query.Question.Section;
import io.tidemark.stream.BucketSize;
import io.tidemark.stream.Dimension;
import io.tidemark.stream.StreamConfig;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * A question in the words of one stream.
 *
 * @param counts null when they were not asked for, like the others
 * @param lastMinute the last whole minute, where the state was asked for and minutes are kept; else null
 */
record Asked(Question question, Wanted counts, Section<Trend> trends, Section<Top> tops, Trend lastMinute) {

    /** @throws QueryException when something of it cannot be answered */
    static Asked of(Question question, StreamConfig config, Instant now) {
        return new Asked(
                question,
                question.counts() == null ? null : Wanted.of(config, question.counts()),
                each(question.trends(), trend -> Trend.of(config, trend, question.zone(), now)),
                each(question.tops(), top -> Top.of(config, top, question.zone(), now)),
                question.status() && Trend.plain(config, BucketSize.MINUTE).isPresent()
                        ? Trend.lastMinute(config, now)
                        : null);
    }

    /** What has to be read to answer it: in one step, so that all of it is of one cut. */
    Wish wish(StreamConfig config) {
        Set<Dimension> totals = new LinkedHashSet<>();
        Set<Span> spans = new LinkedHashSet<>();
        Set<Ranking> rankings = new LinkedHashSet<>();
        if (counts != null) {
            totals.addAll(counts.dimensions());
        }
        if (question.status()) {
            config.dimensions().stream().filter(d -> d.total() && !d.ranked()).forEach(totals::add);
        }
        if (lastMinute != null) {
            spans.addAll(lastMinute.spans());
        }
        if (trends != null) {
            trends.items().forEach(trend -> spans.addAll(trend.spans()));
        }
        if (tops != null) {
            for (Top top : tops.items()) {
                totals.addAll(top.totals());
                spans.addAll(top.spans());
                rankings.addAll(top.rankings());
            }
        }
        long buckets = spans.stream().mapToLong(Span::length).sum();
        if (buckets > Trend.MOST_READ) {
            throw new QueryException(
                    "too-many-buckets",
                    buckets + " buckets would have to be read for all that is asked for, more than " + Trend.MOST_READ
                            + ": ask for less at once, shorter periods, or longer steps",
                    List.of());
        }
        return new Wish(List.copyOf(totals), List.copyOf(spans), List.copyOf(rankings));
    }

    private static <A, B> Section<B> each(Section<A> section, Function<A, B> turn) {
        return section == null
                ? null
                : new Section<>(section.items().stream().map(turn).toList(), section.isList());
    }
}
