// When to try again. After a restart of the service all its readers want to come back: the first try is spread over
// three and a half seconds, later ones over ever more.

const EARLIEST = 500;
const SPREAD = 3500;
const LONGEST = 20000;

/** Milliseconds to wait before try number n (0 is the first), at random. */
export function wait(n, random = Math.random) {
  return EARLIEST + random() * Math.min(LONGEST, SPREAD * 1.7 ** Math.min(n, 10));
}
