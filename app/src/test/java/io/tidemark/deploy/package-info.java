/**
 * What docker/ and the runbook promise, as far as it shows without a container engine: files are parsed, compared with the
 * sources and the class path, and the scripts are run as they are.
 */
package io.tidemark.deploy;
