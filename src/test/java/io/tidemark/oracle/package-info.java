/**
 * The judge: events that are made together with the verdict they must get by the contract, and a plain recount that says
 * what any cut must hold. It knows the contract and how its events were made; it never calls the parser, the rules or
 * the tallies that it judges. Tests of every module may call it.
 */
package io.tidemark.oracle;
