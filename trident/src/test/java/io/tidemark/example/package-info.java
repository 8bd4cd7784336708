/**
 * A program of somebody else that uses the spout and the state as a library: nothing here may use more than what is
 * public. docs/library.md shows it.
 */
package io.tidemark.example;
