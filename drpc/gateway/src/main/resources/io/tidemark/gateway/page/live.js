// The totals, as the service tells them: one WebSocket, which comes back by itself.

import { wait } from "./backoff.js";

// The service says something at least every 15 s, so a connection that is silent for longer is a dead one.
const SILENT = 35000;
const OPENING = 10000;

/**
 * Keeps one connection to /live and one state of the totals: a full message replaces all of it, a message of changes
 * what it names. There is never more than one socket and one timer.
 */
export class Live {
  #url;
  #tell;
  #socket = null;
  #timer = 0;
  #tries = 0;
  #seq = 0;

  /** up: whether totals come in; down: code and message of the service's word that it has no counts; retryAt: when the next try is due */
  state = { up: false, down: null, opening: true, retryAt: 0, lastAt: 0 };
  totals = null;

  /** @param tell called after each change of state or totals */
  constructor(stream, tell) {
    const url = new URL("live", location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    url.search = "?" + new URLSearchParams({ stream });
    this.#url = url.href;
    this.#tell = tell;
    window.addEventListener("online", () => this.now());
    document.addEventListener("visibilitychange", () => document.hidden || this.#look());
    this.#open();
  }

  /** Tries again at once, when it is waiting to. */
  now() {
    if (!this.#socket) {
      this.#open();
    }
  }

  #open() {
    this.#again(OPENING);
    this.#change({ opening: true, retryAt: 0 });
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.onmessage = (event) => socket === this.#socket && this.#take(event.data);
    socket.onclose = () => socket === this.#socket && this.#lost();
  }

  /** The timer watches a connection that is there and waits for the next try when there is none. */
  #again(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.#socket ? this.#lost() : this.#open()), ms);
  }

  /** A page that was asleep may hold a connection that has died meanwhile. */
  #look() {
    if (!this.#socket) {
      this.#open();
    } else if (this.state.lastAt && Date.now() - this.state.lastAt > SILENT) {
      this.#lost();
    }
  }

  #lost() {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    const pause = wait(this.#tries++);
    this.#again(pause);
    this.#change({ up: false, opening: false, down: null, retryAt: Date.now() + pause });
  }

  #take(text) {
    this.#again(SILENT);
    let message;
    try {
      message = JSON.parse(text);
    } catch {
      this.#lost();
      return;
    }
    if (message.type === "full") {
      this.#seq = message.seq;
      this.#tries = 0;
      this.totals = message;
      this.#change({ up: true, opening: false, down: null, lastAt: Date.now() });
    } else if (message.type === "changes") {
      this.#merge(message);
    } else if (message.type === "quiet" && this.totals) {
      this.totals = { ...this.totals, cut: message.cut ?? this.totals.cut, at: message.at };
      this.#change({ up: true, down: null, lastAt: Date.now() });
    } else if (message.type === "down") {
      this.#change({ up: false, opening: false, down: { code: message.code ?? "store-unavailable", message: message.message ?? "" }, lastAt: Date.now() });
    }
  }

  #merge(message) {
    if (!this.totals || message.seq !== this.#seq + 1) {
      // Something is missing: a new connection begins with everything.
      this.#lost();
      return;
    }
    this.#seq = message.seq;
    const counts = { ...this.totals.counts };
    for (const [dimension, changed] of Object.entries(message.counts ?? {})) {
      counts[dimension] = { ...counts[dimension], ...changed };
    }
    this.totals = { ...this.totals, ...message, counts, refused: message.refused, at: message.cut?.readAt };
    this.#change({ up: true, opening: false, down: null, lastAt: Date.now() });
  }

  #change(state) {
    Object.assign(this.state, state);
    this.#tell();
  }
}
