/**
 * The {@code tidemark} command: one class for each subcommand, which reads its options, calls the packages below, and
 * shows what comes out. Every error ends as one message and an exit code of {@link io.tidemark.app.ExitCodes}. Nobody
 * imports this package but the command line itself and tests.
 */
package io.tidemark.app;
