// Whether the numbers on the page are current, and what to say when they are not.

import { moment, span } from "./format.js";

const OLD = 45000;
const BEHIND_SECONDS = 10;

const REFUSED = {
  "records-lost": "Kafka deleted events before they were counted.",
  frozen: "Somebody has paused the counts.",
};

/**
 * The condition of the page: name; pill, two words for it; current, whether the numbers are those of now; title and text
 * of a notice, where one is needed; retry, whether trying again at once is offered.
 */
export function condition({ live, questions, now, stream }) {
  const totals = live.totals;
  const answer = questions.answer;
  const polled = !questions.problem && answer !== null && now - questions.receivedAt < OLD;
  if (!live.state.up) {
    const away = unreachable(live, questions, polled, now);
    if (away) {
      return away;
    }
  }
  const status = polled ? (answer.status ?? {}) : {};
  const refused = (live.state.up ? totals?.refused : null) ?? (polled ? answer.refused : null);
  if (refused || status.state === "refused") {
    return stopped("refused", "Counting stopped", refused ? (REFUSED[refused.code] ?? "Counting has stopped.") : "Counting has stopped.", refused?.message ?? status.why);
  }
  if (status.state === "stalled") {
    return stopped("stalled", "Stalled", "Events wait, but none are being counted.", status.why);
  }
  if (status.state === "no-coordinator") {
    return stopped("stopped", "Not counting", "Nothing is counting at the moment.", status.why);
  }
  const accounts = (live.state.up ? totals : answer)?.accounts;
  if (accounts && accounts.records === 0) {
    return {
      name: "empty",
      pill: "No events yet",
      current: true,
      title: "Waiting for the first event.",
      text: `Nothing has come in on ${stream.topic ? `the topic ${stream.topic}` : "this stream"} yet. The numbers appear by themselves.`,
    };
  }
  if (status.lag > 0 && status.lagSeconds > BEHIND_SECONDS) {
    return { name: "behind", pill: "Catching up", current: false };
  }
  if (!live.state.up) {
    return { name: "polling", pill: "Every 3 seconds", current: true };
  }
  return status.state === "idle"
    ? { name: "quiet", pill: "Live, quiet now", current: true }
    : { name: "live", pill: "Live", current: true };
}

/** Nothing comes in by the live connection: why, unless answers come in by the other way. */
function unreachable(live, questions, polled, now) {
  const { state } = live;
  const problem = state.down || questions.problem;
  const since = lastKnown(live, questions);
  if (problem && problem.code !== "unreachable" && problem.code !== "store-unavailable") {
    return refusedQuestion(problem, since);
  }
  if (state.down || problem?.code === "store-unavailable") {
    return {
      name: "down",
      pill: "Unavailable",
      current: false,
      title: "The counts cannot be read at the moment.",
      text: `${sentence(problem.message)} ${since} The page goes on by itself when they are back.`,
    };
  }
  if (polled) {
    return null;
  }
  if (!live.totals && !questions.answer && state.opening && !problem) {
    return { name: "loading", pill: "Connecting", current: false };
  }
  const seconds = Math.ceil((state.retryAt - now) / 1000);
  return {
    name: "disconnected",
    pill: "Disconnected",
    current: false,
    title: "No connection to the service.",
    text: `${since} ${state.opening || seconds <= 0 ? "Trying to connect …" : `Trying again in ${seconds} s.`}`,
    retry: !state.opening,
  };
}

function refusedQuestion(problem, since) {
  if (problem.code === "not-initialised") {
    return {
      name: "empty",
      pill: "No events yet",
      current: false,
      title: "Counting has not begun yet.",
      text: "The numbers appear by themselves as soon as it has.",
    };
  }
  if (problem.code === "inconsistent") {
    return {
      name: "down",
      pill: "Unavailable",
      current: false,
      title: "The stored counts do not agree, so none are shown as current.",
      text: `${sentence(problem.message)} ${since}`,
    };
  }
  return {
    name: "down",
    pill: "Unavailable",
    current: false,
    title: "The service does not answer this page's question.",
    text: `${sentence(problem.message)} ${since}`,
  };
}

function stopped(name, pill, title, why) {
  return { name, pill, current: false, title, text: why ? sentence(why) : "" };
}

function lastKnown(live, questions) {
  const at = Math.max(live.state.lastAt, questions.receivedAt);
  return at ? `What you see is from ${moment(at)}, ${span(Date.now() - at)} ago.` : "";
}

function sentence(text) {
  const trimmed = text.trim();
  const upper = trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?…]$/.test(upper) ? upper : `${upper}.`;
}
