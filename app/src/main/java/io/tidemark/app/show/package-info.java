/**
 * What people see: answers as tables, the live table of a running service, and text made safe for a terminal. What
 * comes in is the JSON of an answer; what goes out are lines. Only the commands call it.
 */
package io.tidemark.app.show;
