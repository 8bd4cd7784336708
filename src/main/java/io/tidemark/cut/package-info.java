/**
 * Counts read together with their marks: one script, one cut. What comes out has been checked (records add up, and each
 * dimension's sum is what was counted) or is an error. The package {@code query} calls it, and whoever else reads.
 */
package io.tidemark.cut;
