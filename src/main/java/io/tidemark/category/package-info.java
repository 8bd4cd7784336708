/**
 * What the fields of a record mean: the ordered rules of each dimension, compiled once per stream, and a record's
 * verdict: counted in which categories, filtered, or rejected. Pure; it knows neither Kafka nor batches.
 */
package io.tidemark.category;
