// One colour for one meaning, in every chart: a category keeps the colour that it got first for as long as the page is
// open. page.css has the colours, c0 to c21, for light and dark.

import { isReserved } from "./words.js";

const SLOTS = 22;
const MOST_IN_ONE = 5;

export class Colours {
  #slots = new Map();
  #used = new Map();
  #family;

  /** @param family gives the name that dimensions share whose equal values mean the same */
  constructor(family) {
    this.#family = family;
  }

  /** Gives colours to the first categories of a dimension, as far as there are any left. */
  see(dimension, values) {
    const family = this.#family(dimension);
    for (const value of values) {
      const key = `${family}:${value}`;
      const used = this.#used.get(family) ?? 0;
      if (!this.#slots.has(key) && !isReserved(value) && used < MOST_IN_ONE && this.#slots.size < SLOTS) {
        this.#slots.set(key, this.#slots.size);
        this.#used.set(family, used + 1);
      }
    }
  }

  /** The class of a category's colour; grey for what has none of its own. */
  of(dimension, value) {
    const slot = this.#slots.get(`${this.#family(dimension)}:${value}`);
    return slot === undefined ? "c-rest" : `c${slot}`;
  }

  has(dimension, value) {
    return this.#slots.has(`${this.#family(dimension)}:${value}`);
  }
}
