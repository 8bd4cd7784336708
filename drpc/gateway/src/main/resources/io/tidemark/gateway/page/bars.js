// Cards of categories: one bar each, with count and share.

import { arrange, make, setHidden, setText } from "./dom.js";
import { count, exactly, plainly, share } from "./format.js";
import { isReserved } from "./words.js";

const FIRST = 6;
const MOST = 500;
const GREY = "c-rest";
const REST = "\u0000rest";

let cards = 0;

/** A card with a title, a note of when its numbers are of, and a body. */
export function card(title) {
  const id = `card-${++cards}`;
  const asOf = make("p", { class: "as-of" });
  const body = make("div", { class: "card-body" });
  const heading = make("h2", { id }, title);
  const element = make("section", { class: "card", "aria-labelledby": id }, make("div", { class: "card-head" }, heading, asOf), body);
  return { element, asOf, body, heading };
}

/** A table of categories with bars. Rows stay the same elements as long as their category is there. */
export class Bars {
  #rows = new Map();
  #cells = new Map();
  #body = make("tbody");
  #more = make("button", { type: "button", class: "more", "aria-expanded": "false" });
  #strip = make("div", { class: "strip", "aria-hidden": "true" });
  #pieces = new Map();
  #all = false;
  #last = null;

  /**
   * @param name what the rows are, for the table's head
   * @param label gives the words for a value
   * @param colour gives the class of a value's colour
   */
  constructor(parent, { name, events, label, colour, ranked = false, withStrip = false }) {
    this.label = label;
    this.colour = colour;
    this.ranked = ranked;
    const head = make("thead", { class: "hidden" }, make("tr", {}, ...[name, events, "Share"].map((text) => make("th", { scope: "col" }, text))));
    const columns = make("colgroup", {}, make("col"), make("col", { class: "col-count" }), make("col", { class: "col-share" }));
    const table = make("table", { class: ranked ? "bars ranked" : "bars" }, columns, head, this.#body);
    this.none = make("p", { class: "none" });
    this.#more.addEventListener("click", () => {
      this.#all = !this.#all;
      this.#more.setAttribute("aria-expanded", String(this.#all));
      this.show(this.#last);
    });
    parent.append(...(withStrip ? [this.#strip] : []), table, this.none, this.#more);
  }

  /** @param list of {value, count, share}, as they are to stand; nothing: what to say when there are none */
  show({ list, nothing }) {
    this.#last = { list, nothing };
    const shown = this.#all ? list.slice(0, MOST) : list.slice(0, this.ranked ? list.length : FIRST);
    const largest = Math.max(1, ...list.map((row) => row.count));
    arrange(this.#body, this.#rows, shown.map((row) => row.value), (value) => this.#row(value));
    for (const value of this.#cells.keys()) {
      if (!this.#rows.has(value)) {
        this.#cells.delete(value);
      }
    }
    shown.forEach((row, i) => this.#fill(row, i, largest));
    this.#showStrip(list);
    setText(this.none, list.length ? "" : nothing);
    setHidden(this.none, list.length > 0);
    const more = list.length - FIRST;
    setHidden(this.#more, this.ranked || more <= 0);
    setText(this.#more, this.#all ? "Show fewer" : `Show ${count(more)} more`);
  }

  #row(value) {
    const reserved = isReserved(value);
    const words = this.label(value);
    const name = make("span", { class: reserved ? "label reserved" : "label", title: plainly(words) }, exactly(words));
    const bar = make("span", { class: "bar" });
    const cells = {
      place: make("span", { class: "place", "aria-hidden": "true" }),
      bar,
      count: make("td", { class: "number num" }),
      share: make("td", { class: "number share num" }),
    };
    this.#cells.set(value, cells);
    const line = make("span", { class: "named" }, this.ranked ? cells.place : make("span", { class: `swatch ${this.colour(value)}`, "aria-hidden": "true" }), name);
    return make(
      "tr",
      {},
      make("th", { scope: "row" }, line, make("span", { class: `track ${this.colour(value)}`, "aria-hidden": "true" }, bar)),
      cells.count,
      cells.share,
    );
  }

  #fill(row, i, largest) {
    const cells = this.#cells.get(row.value);
    setText(cells.count, count(row.count));
    cells.count.dataset.n = row.count;
    setText(cells.share, share(row.share));
    setText(cells.place, String(i + 1));
    cells.bar.style.width = `${(100 * row.count) / largest}%`;
    const tr = this.#rows.get(row.value);
    tr.classList.toggle("zero", row.count === 0);
  }

  /** All of a dimension as one strip, for the first look. */
  #showStrip(list) {
    const there = list.filter((row) => row.count > 0);
    const parts = there.filter((row) => this.colour(row.value) !== GREY);
    const rest = there.filter((row) => this.colour(row.value) === GREY).reduce((sum, row) => sum + row.share, 0);
    const pieces = rest > 0 ? [...parts, { value: REST, share: rest }] : parts;
    arrange(this.#strip, this.#pieces, pieces.map((row) => row.value), (value) =>
      make("span", { class: `piece ${value === REST ? GREY : this.colour(value)}` }));
    pieces.forEach((row) => (this.#pieces.get(row.value).style.flexGrow = row.share));
  }
}

/** The categories of a dimension, largest first, those that say nothing last; each with its share. */
export function sorted(counts) {
  const entries = Object.entries(counts);
  const sum = entries.reduce((total, [, n]) => total + n, 0);
  return entries
    .map(([value, n]) => ({ value, count: n, share: sum ? n / sum : 0 }))
    .sort((a, b) => isReserved(a.value) - isReserved(b.value) || b.count - a.count || (a.value < b.value ? -1 : 1));
}
