// The page: which stream, its cards, and what to draw of what comes in.

import { Bars, card, sorted } from "./bars.js";
import { wait } from "./backoff.js";
import { Colours } from "./colours.js";
import { condition } from "./condition.js";
import { CutDetails, Rejected } from "./details.js";
import { byId, make, setHidden, setText } from "./dom.js";
import { moment, zone, zoneInWords } from "./format.js";
import { ServiceClock, showHero } from "./hero.js";
import { Live } from "./live.js";
import { Pace } from "./pace.js";
import { Questions, streams } from "./questions.js";
import { offerThemes } from "./themes.js";
import { Tops } from "./tops.js";
import { Trend } from "./trend.js";
import { wordsFor } from "./words.js";

const SPOKEN_AFTER = 2000;
const AGES_EVERY = 1000;
// Answers come every 3 s, or every 15 s; older ones are not current.
const FRESH = 12000;
const FRESH_LONG = 45000;

/** One stream's page. */
class Page {
  #stream;
  #words;
  #colours;
  #clock = new ServiceClock();
  #pace = new Pace();
  #cards = new Map();
  #said = "loading";
  #saying = 0;
  #heardAnswer = null;
  #due = false;
  #leaving = false;

  constructor(stream) {
    this.#stream = stream;
    this.#words = wordsFor(stream);
    this.#colours = new Colours(this.#words.family);
    document.title = `${stream.name} · Tidemark`;
    for (const dimension of this.#kept()) {
      this.#colours.see(dimension.name, this.#words.values(dimension.name));
      this.#addCard(dimension.name);
    }
    this.rejected = new Rejected();
    this.cut = new CutDetails();
    this.tops = new Tops(stream, this.#words);
    this.trend = new Trend(stream, this.#words, this.#colours, () => this.questions.now());
    let wasUp = false;
    this.live = new Live(stream.name, () => {
      // What comes back is asked for at once; what is lost may be this connection alone, or the service.
      const up = Boolean(this.live?.state.up);
      if (up && !wasUp) {
        this.questions?.now();
      } else if (!up && wasUp) {
        this.questions?.soon();
      }
      wasUp = up;
      this.#draw();
    });
    this.questions = new Questions(() => this.#question(), () => this.#draw());
    byId("retry").addEventListener("click", () => {
      this.live.now();
      this.questions.now();
    });
    setInterval(() => this.#draw(), AGES_EVERY);
  }

  #kept() {
    return this.#words.sorted(this.#stream.dimensions.filter((d) => d.total && !d.ranked));
  }

  #addCard(name) {
    const { element, asOf, body } = card(this.#words.dimension(name));
    element.dataset.dimension = name;
    const bars = new Bars(body, {
      name: this.#words.dimension(name),
      events: this.#words.events,
      label: (value) => this.#words.value(name, value),
      colour: (value) => this.#colours.of(name, value),
      withStrip: true,
    });
    byId("dimensions").append(element);
    this.#cards.set(name, { asOf, bars });
  }

  /** All in one question, so that all of it is of one cut; the totals too while they do not come by themselves. */
  #question() {
    const trend = this.trend.question();
    const tops = this.tops.question();
    return {
      stream: this.#stream.name,
      ...(trend ? { trend } : {}),
      ...(tops.length ? { top: tops } : {}),
      ...(this.live.state.up ? {} : { counts: [] }),
      status: true,
      zone,
      slow: this.trend.slow,
    };
  }

  /** However much comes in, it is drawn at most once a frame; a page that nobody sees is drawn by its timer. */
  #draw() {
    if (document.hidden) {
      this.#drawNow();
    } else if (!this.#due) {
      this.#due = true;
      requestAnimationFrame(() => {
        this.#due = false;
        this.#drawNow();
      });
    }
  }

  #drawNow() {
    if (!this.live || !this.questions) {
      return;
    }
    const { live, questions } = this;
    if (live.totals && live.totals.answeredBy !== this.#stream.answeredBy && !this.#leaving) {
      // The name leads to another stream now, whose dimensions may be others: the page begins anew with these.
      this.#leaving = true;
      location.reload();
    }
    const answer = questions.answer;
    const totals = live.state.up || !answer?.counts ? live.totals : answer;
    const fresh = Date.now() - questions.receivedAt < (this.trend.slow ? FRESH_LONG : FRESH);
    this.#clock.heard(live.totals?.at ?? live.totals?.cut?.readAt);
    const state = condition({ live, questions, now: Date.now(), stream: this.#stream });
    this.#showCondition(state);
    const counted = totals?.accounts?.counted;
    if (state.current && Number.isFinite(counted)) {
      this.#pace.heard(this.#clock.now(), counted);
    }
    showHero({
      totals,
      status: fresh ? answer?.status : null,
      pace: this.#pace.at(this.#clock.now(), counted),
      condition: state,
      clock: this.#clock,
      words: this.#words,
    });
    this.#showTotals(totals, state);
    this.#showAnswer(answer, state.current && fresh);
  }

  #showTotals(totals, state) {
    if (!totals) {
      return;
    }
    const asOf = state.current ? "" : `Not current: as of ${time(totals.cut)}`;
    for (const [name, shown] of this.#cards) {
      const list = sorted(totals.counts?.[name] ?? {});
      this.#colours.see(name, list.map((row) => row.value));
      shown.bars.show({ list, nothing: "Nothing counted yet." });
      setText(shown.asOf, asOf);
    }
    this.cut.show(totals.cut, this.questions.answer?.status);
    setText(byId("cut-as-of"), asOf);
  }

  #showAnswer(answer, current) {
    if (!answer) {
      return;
    }
    if (this.#heardAnswer !== answer) {
      this.#heardAnswer = answer;
      this.#clock.heard(answer.cut?.readAt);
      this.trend.show(Array.isArray(answer.trend) ? answer.trend[0] : answer.trend, answer.cut, answer.askedAs.trend);
      this.tops.show(answer.top ?? [], answer.status);
      this.rejected.show(answer.status?.rejected ?? {}, answer.accounts);
    }
    const asOf = current ? "" : `Not current: as of ${time(answer.cut)}`;
    setText(byId("trend-as-of"), asOf);
    setText(byId("rejected-as-of"), asOf);
    this.tops.setAsOf(asOf);
    document.body.classList.toggle("answers-old", asOf !== "");
  }

  #showCondition(state) {
    const body = document.body;
    body.dataset.state = state.name;
    body.classList.toggle("not-current", !state.current);
    setText(byId("pill-text"), state.pill);
    setHidden(byId("notice"), !state.title);
    setText(byId("notice-title"), state.title ?? "");
    setText(byId("notice-text"), state.text ?? "");
    setHidden(byId("retry"), !state.retry);
    this.#say(state);
  }

  /** Spoken is only a change of condition that lasts. */
  #say(state) {
    if (this.#said === state.name) {
      clearTimeout(this.#saying);
      this.#saying = 0;
    } else if (!this.#saying) {
      this.#saying = setTimeout(() => {
        this.#saying = 0;
        const now = document.body.dataset.state;
        if (now !== this.#said) {
          this.#said = now;
          setText(byId("spoken"), [byId("pill-text").textContent, byId("notice-title").textContent].filter(Boolean).join(". "));
        }
      }, SPOKEN_AFTER);
    }
  }
}

function time(cut) {
  return cut?.asOf ? moment(Date.parse(cut.asOf)) : "the start";
}

/** The stream's name, or a choice when there are several. */
function offerStreams(all, chosen) {
  const place = byId("stream");
  if (all.length < 2) {
    place.replaceChildren(make("span", { class: "stream-name" }, chosen?.name ?? ""));
    return;
  }
  const select = make("select", { id: "stream-choice" }, ...all.map((s) => make("option", { value: s.name }, s.name)));
  select.value = chosen?.name ?? "";
  select.addEventListener("change", () => {
    location.search = new URLSearchParams({ stream: select.value });
  });
  place.replaceChildren(make("label", {}, "Stream ", select));
}

function notice(state, pill, title, text) {
  document.body.dataset.state = state;
  setText(byId("pill-text"), pill);
  setText(byId("notice-title"), title);
  setText(byId("notice-text"), text);
  setHidden(byId("notice"), false);
}

/** Waits for the stream that the address names, or the first one. */
async function begin() {
  const wanted = new URLSearchParams(location.search).get("stream");
  for (let tries = 0; ; tries++) {
    try {
      const all = await streams();
      const chosen = wanted ? all.find((s) => s.name === wanted) : all[0];
      offerStreams(all, chosen);
      if (chosen?.dimensions) {
        setHidden(byId("notice"), true);
        new Page(chosen);
        return;
      }
      if (wanted && !chosen && all.length) {
        notice("empty", "No such stream", `There is no stream named “${wanted}” here.`, `Streams that are here: ${all.map((s) => s.name).join(", ")}.`);
      } else {
        notice("empty", "No events yet", "Nothing has been counted yet.", "The page fills itself as soon as a stream begins.");
      }
    } catch (failure) {
      notice("disconnected", "Disconnected", "No connection to the service.", `The page tries again by itself. (${failure.message})`);
    }
    await new Promise((resolve) => setTimeout(resolve, wait(tries)));
  }
}

offerThemes();
setText(byId("zone"), `Times are in ${zoneInWords(new Date())}.`);
begin();
