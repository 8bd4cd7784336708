// The three answers of the first glance: what is counted, how much, how fresh.

import { byId, setHidden, setText } from "./dom.js";
import { count, moment, pace, span } from "./format.js";

/** Redis's clock beside this one: the readers' clocks may be wrong, ages must not be. */
export class ServiceClock {
  #ahead = null;

  /** Notes a time that the service has just told. The least delayed message tells the difference best. */
  heard(iso) {
    const then = Date.parse(iso ?? "");
    if (Number.isFinite(then)) {
      const ahead = then - Date.now();
      // A creeping start lets an old difference be forgotten when this computer's clock is set.
      this.#ahead = this.#ahead === null ? ahead : Math.max(ahead, this.#ahead - 50);
    }
  }

  now() {
    return Date.now() + (this.#ahead ?? 0);
  }
}

export function showHero({ totals, status, pace: perSecond, condition, clock, words }) {
  const accounts = totals?.accounts;
  const counted = byId("counted");
  setText(counted, count(accounts?.counted));
  counted.value = accounts?.counted ?? "";
  setText(byId("hero-title"), words.title);
  showKnown(condition, totals);
  showEquation(accounts, words);
  showAge(totals?.cut, condition, clock);
  showLag(status, condition);
  showPace(perSecond, condition, words);
}

function showKnown(condition, totals) {
  const known = byId("hero-known");
  const asOf = totals?.cut?.asOf;
  setHidden(known, condition.current || !totals);
  setText(known, condition.current ? "" : asOf ? `not current: counted until ${moment(Date.parse(asOf))}` : "not current");
}

function showEquation(accounts, words) {
  if (!accounts) {
    setText(byId("equation"), "");
    return;
  }
  const parts = [`${count(accounts.counted)} ${words.events} counted`];
  if (accounts.filtered) {
    parts.push(`${count(accounts.filtered)} left out by the stream's rules`);
  }
  parts.push(`${count(accounts.rejected)} not valid`);
  setText(byId("equation"), `${count(accounts.records)} records read = ${parts.join(" + ")}`);
}

function showAge(cut, condition, clock) {
  const asOf = Date.parse(cut?.asOf ?? "");
  const age = byId("age");
  if (!Number.isFinite(asOf)) {
    setText(age, "–");
    setText(byId("until"), cut ? "no event has been counted yet" : "");
    return;
  }
  const ahead = asOf - clock.now();
  setText(age, ahead > 60000 ? "in the future" : span(-ahead));
  setText(byId("until"), `${ahead > 60000 ? "" : "ago; "}counted until ${moment(asOf)}`);
}

function showLag(status, condition) {
  const lag = status?.lag;
  setText(byId("lag"), lag === null || lag === undefined ? "–" : count(lag));
  byId("lag").dataset.n = lag ?? "";
  if (lag === null || lag === undefined) {
    setText(byId("lag-note"), "not known at the moment");
  } else if (lag === 0) {
    setText(byId("lag-note"), condition.current ? "everything that came in is counted" : "when last heard of");
  } else {
    const seconds = status.lagSeconds;
    setText(byId("lag-note"), Number.isFinite(seconds) ? `behind by ${span(seconds * 1000)}` : "records behind");
  }
}

function showPace(perSecond, condition, words) {
  const known = Number.isFinite(perSecond) && (condition.current || condition.name === "behind");
  setText(byId("rate"), known ? pace(perSecond) : "–");
  setText(byId("rate-note"), known ? `${words.events} a second, over the last minute` : "not known at the moment");
}
