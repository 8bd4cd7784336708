// Events over time as stacked columns, drawn as SVG. What a column says in numbers stands beside it, for pointer, touch and
// arrow keys alike, and all of it in a table.

import { arrange, make, makeSvg, setText } from "./dom.js";
import { count, exactly } from "./format.js";
import { bucketWords, ticks } from "./timeline.js";

const LEFT = 52;
const RIGHT = 8;
const TOP = 12;
const BOTTOM = 30;
const REST = "\u0000rest";

const STATES = {
  complete: "final",
  settled: "final, unless a producer held events back",
  open: "late events may still be added",
  filling: "still filling",
  gone: "no longer kept",
};

export class Chart {
  #svg = makeSvg("svg", { class: "plot", "aria-hidden": "true", focusable: "false" });
  #frame = make("div", { class: "frame", tabindex: "0", role: "group", "aria-roledescription": "chart" }, this.#svg);
  #readout = make("p", { class: "readout" });
  #legend = make("ul", { class: "legend" });
  #entries = new Map();
  #marks = make("p", { class: "marks" });
  #spoken = make("div", { class: "hidden", "aria-live": "polite" });
  #table = make("table", { class: "plain" });
  #details = make("details", {}, make("summary", {}, "The same as a table"), make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Events by time" }, this.#table));
  #data = null;
  #at = null;

  constructor(parent) {
    parent.append(this.#readout, this.#frame, this.#legend, this.#marks, this.#spoken, this.#details);
    new ResizeObserver(() => this.#draw()).observe(this.#frame);
    this.#frame.addEventListener("pointermove", (event) => this.#point(event));
    this.#frame.addEventListener("pointerdown", (event) => this.#point(event));
    this.#frame.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && this.#choose(null));
    this.#frame.addEventListener("keydown", (event) => this.#key(event));
    this.#frame.addEventListener("blur", () => this.#choose(null));
    this.#details.addEventListener("toggle", () => this.#fillTable());
  }

  /**
   * @param data buckets: Unix ms, ascending; step: ms; states, one each; events: a number or null each; series: largest
   *     first, {value, words, colour, numbers}; events noun; label: what it shows, in words
   */
  show(data) {
    const buckets = data.buckets.length;
    const before = this.#data;
    if (before && this.#at !== null) {
      // The chart moves on; what the reader looks at stays.
      const same = data.buckets.indexOf(before.buckets[this.#at]);
      this.#at = same < 0 ? Math.min(this.#at, buckets - 1) : same;
    }
    this.#data = { ...data, series: stacked(data.series) };
    this.#frame.setAttribute("aria-label", `${data.label}. Left and right arrow keys go through it.`);
    this.#draw();
    this.#fillTable();
  }

  #draw() {
    const data = this.#data;
    const width = Math.floor(this.#frame.clientWidth);
    if (!data || width < 60) {
      return;
    }
    const height = width < 560 ? 210 : 260;
    const scale = niceScale(Math.max(0, ...data.events.map((n) => n ?? 0)));
    const plot = { left: LEFT, top: TOP, width: width - LEFT - RIGHT, height: height - TOP - BOTTOM, max: scale.max };
    const step = plot.width / data.buckets.length;
    this.#svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.#svg.setAttribute("height", height);
    this.#svg.replaceChildren(
      hatch(),
      ...grid(plot, scale, data),
      ...timeAxis(plot, step, data),
      ...data.buckets.map((bucket, i) => column(plot, step, data, i)),
      makeSvg("rect", { class: "cursor", y: plot.top, height: plot.height, width: Math.max(step, 2), x: -100 }),
    );
    this.#showCursor();
    this.#showLegend();
  }

  #point(event) {
    const box = this.#frame.getBoundingClientRect();
    const data = this.#data;
    if (data) {
      const place = (event.clientX - box.left - LEFT) / (box.width - LEFT - RIGHT);
      const i = Math.floor(place * data.buckets.length);
      this.#choose(i >= 0 && i < data.buckets.length ? i : null);
    }
  }

  #key(event) {
    const last = (this.#data?.buckets.length ?? 0) - 1;
    const moves = { ArrowLeft: (at) => at - 1, ArrowRight: (at) => at + 1, Home: () => 0, End: () => last };
    const move = moves[event.key];
    if (event.key === "Escape") {
      this.#choose(null);
    } else if (move && last >= 0) {
      event.preventDefault();
      this.#choose(Math.min(last, Math.max(0, move(this.#at ?? last + 1))));
      setText(this.#spoken, [this.#readout.textContent, ...this.#legend.innerText.split("\n")].join(", "));
    }
  }

  #choose(i) {
    if (this.#at !== i) {
      this.#at = i;
      this.#showCursor();
      this.#showLegend();
    }
  }

  #showCursor() {
    const data = this.#data;
    const cursor = this.#svg.querySelector(".cursor");
    const i = this.#at;
    if (cursor && data) {
      const step = (this.#frame.clientWidth - LEFT - RIGHT) / data.buckets.length;
      cursor.setAttribute("x", i === null ? -100 : LEFT + i * step);
    }
    if (data) {
      setText(this.#readout, i === null ? wholePeriod(data) : `${bucketWords(data, i)}: ${said(data.events[i], data)} (${STATES[data.states[i]]})`);
    }
  }

  #showLegend() {
    const data = this.#data;
    if (!data) {
      return;
    }
    arrange(this.#legend, this.#entries, data.series.map((one) => one.value), (value) => {
      const one = data.series.find((s) => s.value === value);
      return make("li", {}, make("span", { class: `swatch ${one.colour}`, "aria-hidden": "true" }), make("span", { class: "label" }, exactly(one.words)), " ", make("span", { class: "number num" }));
    });
    for (const one of data.series) {
      const n = this.#at === null ? sum(one.numbers) : one.numbers[this.#at];
      setText(this.#entries.get(one.value).querySelector(".number"), count(n));
    }
    const marks = new Set(data.states);
    setText(this.#marks, [
      marks.has("filling") ? "Hatched: still filling." : "",
      marks.has("open") ? "Dotted line below: late events may still be added." : "",
      marks.has("gone") ? "Grey: no longer kept." : "",
    ].filter(Boolean).join(" "));
  }

  /** Rows are made only while somebody looks at them. */
  #fillTable() {
    const data = this.#data;
    if (!data || !this.#details.open) {
      return;
    }
    const names = ["Time", "Events", ...data.series.map((one) => one.words), "State"];
    const head = make("tr", {}, ...names.map((name, i) => make("th", { scope: "col", class: i > 0 && i < names.length - 1 ? "number" : null }, exactly(name))));
    const rows = data.buckets.map((bucket, i) =>
      make(
        "tr",
        { "data-bucket": new Date(bucket).toISOString() },
        make("th", { scope: "row" }, bucketWords(data, i)),
        make("td", { class: "number num" }, count(data.events[i])),
        ...data.series.map((one) => make("td", { class: "number num" }, count(one.numbers[i]))),
        make("td", {}, STATES[data.states[i]]),
      ));
    this.#table.replaceChildren(make("thead", {}, head), make("tbody", {}, ...rows));
  }
}

/** Series with a colour of their own, then all others as one. */
function stacked(series) {
  const own = series.filter((one) => one.colour !== "c-rest");
  const rest = series.filter((one) => one.colour === "c-rest");
  if (rest.length < 2) {
    return [...own, ...rest];
  }
  const numbers = rest[0].numbers.map((n, i) => (n === null ? null : sum(rest.map((one) => one.numbers[i]))));
  return [...own, { value: REST, words: `${count(rest.length)} others`, colour: "c-rest", numbers }];
}

function column(plot, step, data, i) {
  const x = plot.left + i * step;
  const gap = step > 6 ? 2 : step > 3 ? 1 : 0;
  const state = data.states[i];
  const group = makeSvg("g", { class: `column ${state}` });
  const line = plot.top + plot.height;
  if (state === "gone") {
    group.append(makeSvg("rect", { class: "gone-area", x, y: plot.top, width: step, height: plot.height }));
    return group;
  }
  let y = line;
  for (const one of data.series) {
    const n = one.numbers[i] ?? 0;
    const height = (plot.height * n) / plot.max;
    if (height > 0) {
      y -= height;
      group.append(makeSvg("rect", { class: one.colour, x: x + gap / 2, y, width: Math.max(step - gap, 0.5), height }));
    }
  }
  if (state === "filling") {
    group.append(makeSvg("rect", { class: "hatched", x: x + gap / 2, y, width: Math.max(step - gap, 0.5), height: line - y }));
  }
  const settled = state === "complete" || state === "settled";
  group.append(makeSvg("line", { class: settled ? "final-line" : "open-line", x1: x, x2: x + step, y1: line + 2.5, y2: line + 2.5 }));
  return group;
}

function grid(plot, scale, data) {
  const parts = [];
  for (let n = 0; n <= scale.max + scale.step / 2; n += scale.step) {
    const y = plot.top + plot.height - (plot.height * n) / scale.max;
    parts.push(makeSvg("line", { class: "rule", x1: plot.left, x2: plot.left + plot.width, y1: y, y2: y }));
    parts.push(makeSvg("text", { class: "axis", x: plot.left - 8, y: y + 4, "text-anchor": "end" }, data.short(n)));
  }
  return parts;
}

function timeAxis(plot, step, data) {
  return ticks(data, plot.width).flatMap(({ i, words, strong }) => {
    const x = plot.left + i * step;
    const y = plot.top + plot.height;
    // A label close to the edge would be cut off there.
    const anchor = x - plot.left < 24 ? "start" : plot.left + plot.width - x < 24 ? "end" : "middle";
    return [
      makeSvg("line", { class: "tick", x1: x, x2: x, y1: y + 5, y2: y + 10 }),
      makeSvg("text", { class: strong ? "axis strong" : "axis", x, y: y + 23, "text-anchor": anchor }, words),
    ];
  });
}

function hatch() {
  const pattern = makeSvg("pattern", { id: "hatch", width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" });
  pattern.append(makeSvg("rect", { class: "hatch-line", width: 2.5, height: 5 }));
  return makeSvg("defs", {}, pattern);
}

/** A scale with round steps that reaches the largest value. */
function niceScale(largest) {
  const rough = Math.max(1, largest) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= rough && (s >= 1 ? Number.isInteger(s) : true)) ?? 1);
  return { step, max: Math.max(step, Math.ceil(largest / step) * step) };
}

function wholePeriod(data) {
  return `${data.period}: ${said(sum(data.events), data)}`;
}

function said(n, data) {
  return n === null ? "nothing kept" : `${count(n)} ${data.noun}`;
}

function sum(numbers) {
  return numbers.reduce((total, n) => total + (n ?? 0), 0);
}
