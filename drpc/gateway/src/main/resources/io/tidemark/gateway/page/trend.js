// The chart of events over time: what the reader chose to see, the question that asks for it, and what is drawn of the
// answer.

import { byId, make, setHidden, setText } from "./dom.js";
import { Chart } from "./chart.js";
import { sorted } from "./bars.js";
import { dayOf } from "./timeline.js";

const PERIODS = {
  hour: { from: "-1h", to: "now", step: "minute", per: "minute", words: "In the last hour" },
  day: { from: "-24h", to: "now", step: "hour", per: "hour", words: "In the last 24 hours" },
  week: { from: "-7d", to: "now", step: "hour", per: "hour", words: "In the last 7 days" },
};

const thousands = new Intl.NumberFormat(undefined, { notation: "compact" });

export class Trend {
  #stream;
  #words;
  #colours;
  #chart;
  #choices = new URLSearchParams(location.search);
  #shown = null;

  constructor(stream, words, colours, changed) {
    this.#stream = stream;
    this.#words = words;
    this.#colours = colours;
    this.#chart = new Chart(byId("chart"));
    this.#offer();
    byId("trend-controls").addEventListener("change", () => {
      this.#note();
      changed();
    });
    byId("trend-controls").addEventListener("submit", (event) => event.preventDefault());
  }

  get split() {
    return byId("split").value;
  }

  get period() {
    const range = document.querySelector("input[name=range]:checked").value;
    if (range !== "date") {
      return PERIODS[range];
    }
    const date = byId("date").value;
    const { from, to } = dayOf(date);
    return { from: iso(from), to: iso(to), step: "hour", per: "hour", words: "On this day", long: true };
  }

  get slow() {
    return this.period.step !== "minute";
  }

  /** The trend section of a question; null for a stream without dimensions in buckets. */
  question() {
    const { from, to, step } = this.period;
    return this.split ? { of: [this.split], from, to, step } : null;
  }

  show(trend, cut, asked) {
    if (!trend || asked?.of?.[0] !== this.split) {
      return;
    }
    const dimension = this.split;
    const series = trend.series?.[dimension] ?? {};
    const sums = Object.fromEntries(Object.entries(series).map(([value, numbers]) => [value, numbers.reduce((a, n) => a + (n ?? 0), 0)]));
    const order = sorted(sums).map((row) => row.value);
    this.#colours.see(dimension, order);
    const step = trend.stepSeconds * 1000;
    const asOf = Date.parse(cut?.asOf ?? "");
    const buckets = trend.buckets.map((start) => Date.parse(start));
    const per = this.period.per;
    setText(byId("trend-title"), `${capital(this.#words.events)} per ${per}`);
    this.#chart.show({
      buckets,
      step,
      states: trend.states.map((state, i) => (state === "open" && !(buckets[i] + step <= asOf) ? "filling" : state)),
      events: trend.events,
      series: order.map((value) => ({
        value,
        words: this.#words.value(dimension, value),
        colour: this.#colours.of(dimension, value),
        numbers: series[value],
      })),
      noun: this.#words.events,
      period: this.period.words,
      short: (n) => thousands.format(n),
      label: `${capital(this.#words.events)} per ${per}, by ${this.#words.split(dimension)}`,
    });
  }

  #offer() {
    const split = byId("split");
    const kept = this.#stream.dimensions.filter((d) => !d.ranked && d.buckets?.length);
    split.append(...this.#words.sorted(kept).map((d) => make("option", { value: d.name }, this.#words.split(d.name))));
    const wanted = this.#choices.get("split");
    if (kept.some((d) => d.name === wanted)) {
      split.value = wanted;
    }
    const range = this.#choices.get("range");
    const date = this.#choices.get("day");
    const radio = document.querySelector(`input[name=range][value=${date ? "date" : ["day", "week"].includes(range) ? range : "hour"}]`);
    radio.checked = true;
    const today = new Date();
    byId("date").value = /^\d{4}-\d\d-\d\d$/.test(date ?? "") ? date : [today.getFullYear(), two(today.getMonth() + 1), two(today.getDate())].join("-");
    setHidden(byId("date-label"), !date);
    setHidden(byId("trend"), kept.length === 0);
  }

  /** What was chosen stands in the address, so that it can be kept and passed on. */
  #note() {
    const range = document.querySelector("input[name=range]:checked").value;
    const isDate = range === "date";
    setHidden(byId("date-label"), !isDate);
    const address = new URL(location.href);
    address.searchParams.set("split", this.split);
    if (isDate) {
      address.searchParams.delete("range");
      address.searchParams.set("day", byId("date").value);
    } else {
      address.searchParams.delete("day");
      address.searchParams.set("range", range);
    }
    history.replaceState(null, "", address);
  }
}

function iso(date) {
  return date.toISOString();
}

function two(n) {
  return String(n).padStart(2, "0");
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
