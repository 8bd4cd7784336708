/**
 * Sends lines to a topic, each exactly once for as long as the feed lives. What comes in: lines of files, of standard
 * input, or invented ones; what goes out: records on Kafka, and an account of what is in. The commands {@code feed} and
 * {@code run} call it.
 */
package io.tidemark.app.feed;
