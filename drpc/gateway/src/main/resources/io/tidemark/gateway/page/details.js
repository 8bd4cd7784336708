// What was not counted and why, and exactly which records the numbers are of.

import { byId, make, setText } from "./dom.js";
import { bytes, count, exactly, moment } from "./format.js";
import { Bars } from "./bars.js";
import { reason } from "./words.js";

/** Records that were rejected, by reason, and those that came too late for a bucket. */
export class Rejected {
  #bars;
  #note = make("p", { class: "note" });

  constructor() {
    const body = byId("rejected");
    body.replaceChildren();
    this.#bars = new Bars(body, { name: "Reason", events: "Records", label: reason, colour: () => "c-rest" });
    body.append(this.#note);
  }

  show(rejected, accounts) {
    const sum = Object.values(rejected).reduce((a, n) => a + n, 0);
    const list = Object.entries(rejected)
      .map(([value, n]) => ({ value, count: n, share: n / sum }))
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
    this.#bars.show({ list, nothing: "Every record so far was valid." });
    const late = accounts?.late ?? 0;
    setText(this.#note, late ? `${count(late)} counted events came too late for a place in the charts; they are in the totals.` : "");
  }
}

/** The cut: offsets, times, writer. */
export class CutDetails {
  #facts = make("dl", { class: "pairs" });
  #table = make("table", { class: "plain" });
  #shown = "";

  constructor() {
    byId("cut").replaceChildren(
      make("p", { class: "note" }, "Exactly the records from each partition's first offset to below its next one are in the numbers, none missing, none twice."),
      this.#facts,
      make("details", {}, make("summary", {}, "Offsets by partition"), make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Offsets by partition" }, this.#table)),
    );
  }

  show(cut, status) {
    const shown = JSON.stringify([cut, status?.lags, status?.state, status?.writer, status?.capped, status?.redis]);
    if (shown === this.#shown) {
      return;
    }
    this.#shown = shown;
    const facts = [
      ["Version", count(cut.version)],
      ["Newest event", at(cut.asOf)],
      ["Committed", at(cut.committedAt)],
      ["Read", at(cut.readAt)],
      ["State", status ? [status.state, status.why].filter(Boolean).join(": ") : "–"],
      ["Counted by", status?.writer || "–"],
      ["Skipped", cut.skipped?.length ? cut.skipped.map((r) => `partition ${r.partition}, ${r.first} to ${r.end - 1}`).join("; ") : "nothing"],
    ];
    if (status?.capped) {
      facts.push(["A cap was reached", capsOf(status.capped)]);
    }
    if (status?.redis?.usedBytes) {
      facts.push(["Redis memory", bytes(status.redis.usedBytes)]);
    }
    this.#facts.replaceChildren(...facts.map(([name, text]) => make("div", {}, make("dt", {}, name), make("dd", {}, exactly(String(text))))));
    const head = make("tr", {}, ...["Partition", "First", "Next", "Waiting"].map((name, i) => make("th", { scope: "col", class: i > 0 ? "number" : null }, name)));
    const rows = Object.keys(cut.offsets).map((p) =>
      make("tr", {}, make("th", { scope: "row" }, p), number(cut.start?.[p]), number(cut.offsets[p], p), number(status?.lags?.[p])));
    this.#table.replaceChildren(make("thead", {}, head), make("tbody", {}, ...rows));
  }
}

export function capsOf(capped) {
  return typeof capped === "string" ? capped : JSON.stringify(capped);
}

function number(n, partition) {
  return make("td", { class: "number num", "data-partition": partition, "data-n": n }, count(n));
}

function at(iso) {
  return iso ? moment(Date.parse(iso)) : "–";
}
