/**
 * Invented edits of Wikipedia for who has no stream of his own: a seed and a clock come in, JSON lines as they would
 * stand on the topic go out, endlessly. No user, page or address in them is real. The feed command calls it; nothing
 * here knows how the lines are sent or counted.
 */
package io.tidemark.app.demo;
