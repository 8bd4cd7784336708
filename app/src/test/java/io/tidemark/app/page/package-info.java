/** What a reader of the live page sees, in a real browser: with counts made for the test, and with the whole service. */
package io.tidemark.app.page;
