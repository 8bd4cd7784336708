/**
 * A real Chromium without a window, driven over its DevTools protocol with the JDK's WebSocket alone. A test opens a
 * {@link io.tidemark.app.browser.Tab}, looks at what a reader would see, and asks what the page has loaded and complained
 * about. Where there is no Chromium, tests are aborted and say so.
 */
package io.tidemark.app.browser;
