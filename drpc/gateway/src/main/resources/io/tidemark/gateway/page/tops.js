// The largest categories of each ranked dimension in the last 24 hours.

import { byId, make, setText } from "./dom.js";
import { count } from "./format.js";
import { Bars, card } from "./bars.js";
import { capsOf } from "./details.js";

const ROWS = 10;
const FROM = "-24h";

export class Tops {
  #cards = new Map();

  constructor(stream, words) {
    const ranked = words.sorted(stream.dimensions.filter((dimension) => dimension.ranked));
    const first = byId("rest").firstElementChild;
    for (const { name } of ranked.reverse()) {
      const { element, asOf, body } = card(`${words.dimension(name)}, last 24 hours`);
      const bars = new Bars(body, { name: words.dimension(name), events: words.events, label: (value) => words.value(name, value), colour: () => "c-plain", ranked: true });
      const note = make("p", { class: "note" });
      body.append(note);
      element.dataset.dimension = name;
      element.classList.add("top-card");
      byId("rest").insertBefore(element, first);
      this.#cards.set(name, { asOf, bars, note, words });
    }
  }

  question() {
    return [...this.#cards.keys()].map((of) => ({ of, n: ROWS, from: FROM, to: "now" }));
  }

  show(tops, status) {
    for (const top of tops) {
      const shown = this.#cards.get(top.of);
      if (!shown) {
        continue;
      }
      shown.bars.show({ list: top.categories, nothing: "Nothing in the last 24 hours." });
      setText(shown.note, this.#note(top, status, shown.words));
    }
  }

  setAsOf(text) {
    for (const { asOf } of this.#cards.values()) {
      setText(asOf, text);
    }
  }

  #note(top, status, words) {
    const parts = [`${count(top.sum)} ${words.events}`];
    if (Number.isFinite(top.distinct)) {
      parts[0] += ` in ${count(top.distinct)} different ones`;
    }
    for (const [value, n] of Object.entries(top.reserved ?? {})) {
      if (n > 0) {
        parts.push(`${words.value(top.of, value)}: ${count(n)}`);
      }
    }
    if (top.exact === false) {
      parts.push("More names than are kept apart: the list may be incomplete and its counts too low; the sum is exact");
    }
    if (status?.capped && capsOf(status.capped).includes(`:${top.of}:`)) {
      parts.push(`Cap reached in ${capsOf(status.capped)}`);
    }
    return parts.join(". ") + ".";
  }
}
