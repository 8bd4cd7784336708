/**
 * What a stream is: its configuration, as YAML and as values. A text comes in, with the files of lookups that it names;
 * a {@link io.tidemark.stream.StreamConfig} or a list of located problems comes out. Everybody may use it; it uses
 * nobody. Where a rule's meaning is carried out, not only described, is {@code category}.
 */
package io.tidemark.stream;
