package io.tidemark.cut;

import io.tidemark.stream.StreamConfig;
import java.util.Map;
import java.util.SortedMap;

/**
 * What was read in one step, and found to agree. Not to be changed.
 *
 * @param stream whose counts these are: what the name that was asked by leads to
 * @param config the configuration that the counts were made with
 * @param cut which part of the topic the counts are of
 * @param counts categories by dimension, for each dimension that was asked for, in the order of asking
 * @param spans categories by the start of their bucket in Unix seconds, of buckets that are there
 * @param rankings the largest categories
 * @param progress how far it goes in time
 * @param rejected rejected records by reason
 * @param writer who made the last commit
 * @param frozen why commits are refused for now; empty when they are not
 * @param capped the last count in which a category was counted as {@code (other)} because a cap was reached ({@code
 *     hour:user:2026-11-24T10}); empty when there was none
 * @param coordinator what the coordinator last saw
 */
public record Reading(
        String stream,
        StreamConfig config,
        Cut cut,
        Map<String, SortedMap<String, Long>> counts,
        Map<Span, SortedMap<Long, SortedMap<String, Long>>> spans,
        Map<Ranking, Ranked> rankings,
        Progress progress,
        SortedMap<String, Long> rejected,
        String writer,
        String frozen,
        String capped,
        CoordinatorView coordinator) {}
