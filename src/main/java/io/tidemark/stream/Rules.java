package io.tidemark.stream;

/** What decides whether and where a record counts. To be filled. */
public record Rules() {}
