/**
 * Which offsets a batch counts, decided before anything is read. In come the marks of the store, the ends of the log
 * and what is still in flight; out go plans, refusals and the chunks of records that were read for a plan. The log is a
 * port here; the coordinator knows no thread, no clock and no Storm, so that a topology and a simulator run the same
 * code.
 */
package io.tidemark.plan;
