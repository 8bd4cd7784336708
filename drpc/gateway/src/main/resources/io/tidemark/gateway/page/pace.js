// Events a second over the last minute, from the totals as they come in. It is by the service's clock and falls to zero
// within a minute when nothing more comes in.

const WINDOW = 60000;
const SHORTEST = 4000;
const APART = 500;

export class Pace {
  #seen = [];

  /** @param at service's time in ms @param counted events counted by then */
  heard(at, counted) {
    const last = this.#seen[this.#seen.length - 1];
    if (last && (counted < last.counted || at < last.at - APART)) {
      // Counts that fell back are other counts, a clock that fell back is another clock.
      this.#seen = [];
    }
    if (!this.#seen.length || at - this.#seen[this.#seen.length - 1].at >= APART) {
      this.#seen.push({ at, counted });
    }
    while (this.#seen.length > 2 && this.#seen[1].at <= at - WINDOW) {
      this.#seen.shift();
    }
  }

  /** Events a second; NaN while too little was seen. */
  at(now, counted) {
    const first = this.#seen[0];
    const time = first ? Math.min(now - first.at, WINDOW + APART) : 0;
    return time >= SHORTEST ? Math.max(0, ((counted - first.counted) * 1000) / Math.max(now - first.at, time)) : NaN;
  }
}
