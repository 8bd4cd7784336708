// What changes more slowly than the totals: trends, top lists and status, asked together so that they are of one cut.

import { wait } from "./backoff.js";

const EVERY = 3000;
const EVERY_LONG = 15000;
const EVERY_HIDDEN = 30000;
const PATIENCE = 10000;
const SOON = 700;

/** Asks again and again: one question at a time, one timer. */
export class Questions {
  #question;
  #tell;
  #timer = 0;
  #tries = 0;
  #asking = null;

  /** answer: the last one, with askedAs, the question that it answers; problem: why there is none newer */
  answer = null;
  receivedAt = 0;
  problem = null;

  /**
   * @param question gives the question to ask now, with slow: true when it need not be asked often
   * @param tell called after each answer and each failure
   */
  constructor(question, tell) {
    this.#question = question;
    this.#tell = tell;
    document.addEventListener("visibilitychange", () => document.hidden || this.now());
    this.now();
  }

  /** Asks at once; a question that is under way is given up. */
  now() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#ask();
  }

  /** Asks within a second, at a time of this page's own, when nothing is under way. */
  soon() {
    if (!this.#asking) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#ask(), Math.random() * SOON);
    }
  }

  async #ask() {
    const asking = new AbortController();
    this.#asking = asking;
    const timeout = setTimeout(() => asking.abort(), PATIENCE);
    const { slow, ...question } = this.#question();
    let pause = document.hidden ? EVERY_HIDDEN : slow ? EVERY_LONG : EVERY;
    try {
      const answer = await post(question, asking.signal);
      if (this.#asking !== asking) {
        return;
      }
      this.problem = answer.error ?? null;
      if (!answer.error) {
        this.answer = { ...answer, askedAs: question };
        this.receivedAt = Date.now();
      }
      this.#tries = 0;
    } catch (failure) {
      if (this.#asking !== asking) {
        return;
      }
      this.problem = { code: "unreachable", message: String(failure.message ?? failure) };
      pause = Math.max(pause, wait(this.#tries++));
    } finally {
      clearTimeout(timeout);
    }
    this.#asking = null;
    this.#timer = setTimeout(() => this.#ask(), pause);
    this.#tell();
  }
}

async function post(question, signal) {
  const response = await fetch("api/ask", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(question),
    cache: "no-store",
    signal,
  });
  return answerOf(response);
}

/** The JSON of an answer, errors of the service included. @throws when it is none */
async function answerOf(response) {
  const text = await response.text();
  let answer;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new Error(`the service answered ${response.status} without JSON`);
  }
  if (!response.ok && !answer.error) {
    throw new Error(`the service answered ${response.status}`);
  }
  return answer;
}

/** Which streams there are and how they are made. @throws when the service cannot be asked */
export async function streams() {
  const response = await fetch("api/streams", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
  const answer = await answerOf(response);
  if (answer.error) {
    throw new Error(answer.error.message);
  }
  return answer.streams;
}
