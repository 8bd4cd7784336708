/**
 * Questions and answers: a caller's words or JSON come in, the JSON of docs/contract.md goes out. {@link
 * io.tidemark.query.Answers} never throws: what cannot be answered is an answer that says why. The DRPC stream, the
 * command line and the gateway call it.
 */
package io.tidemark.query;
