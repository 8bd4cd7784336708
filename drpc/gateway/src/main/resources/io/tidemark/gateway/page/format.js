// Numbers, times and text as the reader's locale and zone have them.

const whole = new Intl.NumberFormat();
const oneDigit = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat(undefined, { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });

export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

export function count(n) {
  return n === null || n === undefined ? "–" : whole.format(n);
}

export function share(part) {
  if (!Number.isFinite(part)) {
    return "";
  }
  return part > 0 && part < 0.0005 ? "<" + percent.format(0.001) : percent.format(part);
}

export function pace(perSecond) {
  if (!Number.isFinite(perSecond)) {
    return "–";
  }
  return perSecond > 0 && perSecond < 9.95 ? oneDigit.format(perSecond) : whole.format(Math.round(perSecond));
}

/** A span of time in words: "<1 s", "12 s", "3 min 5 s", "2 h 10 min", "3 days". */
export function span(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 1) {
    return "<1 s";
  }
  if (seconds < 60) {
    return `${seconds} s`;
  }
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    return minutes < 10 ? `${minutes} min ${seconds % 60} s` : `${minutes} min`;
  }
  const hours = Math.floor(minutes / 60);
  if (hours < 48) {
    return `${hours} h ${minutes % 60} min`;
  }
  return `${whole.format(Math.floor(hours / 24))} days`;
}

export function bytes(n) {
  return n >= 1 << 20 ? `${oneDigit.format(n / (1 << 20))} MiB` : `${whole.format(Math.ceil(n / 1024))} KiB`;
}

const clocks = new Map();

function formatted(at, options) {
  const key = JSON.stringify(options);
  if (!clocks.has(key)) {
    clocks.set(key, new Intl.DateTimeFormat(undefined, options));
  }
  return clocks.get(key).format(at);
}

/** A time of day with its zone; with its date when that is not today's. */
export function moment(at) {
  const today = new Date().toDateString() === new Date(at).toDateString();
  const day = today ? {} : { day: "numeric", month: "short", year: "numeric" };
  return formatted(at, { ...day, hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "short" });
}

export function hourMinute(at) {
  return formatted(at, { hour: "2-digit", minute: "2-digit" });
}

/** With the zone, which tells the two hours apart that bear one name when clocks go back. */
export function hourMinuteZone(at) {
  return formatted(at, { hour: "2-digit", minute: "2-digit", timeZoneName: "short" });
}

export function dayMonth(at) {
  return formatted(at, { day: "numeric", month: "short" });
}

export function weekdayDate(at) {
  return formatted(at, { weekday: "short", day: "numeric", month: "short" });
}

/** "Central European Standard Time (Europe/Berlin)". */
export function zoneInWords(at) {
  const parts = new Intl.DateTimeFormat(undefined, { timeZoneName: "long" }).formatToParts(at);
  const name = parts.find((part) => part.type === "timeZoneName")?.value ?? zone;
  return name === zone ? name : `${name} (${zone})`;
}

// Characters that draw nothing, or change how the text around them is drawn: controls, marks of direction, blanks
// without width, line separators, tags.
const UNSEEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

function picture(character) {
  const code = character.codePointAt(0);
  if (code < 0x20) {
    return String.fromCodePoint(0x2400 + code);
  }
  return code === 0x7f ? "\u2421" : "U+" + code.toString(16).toUpperCase().padStart(4, "0");
}

/**
 * An element that shows a text of unknown origin exactly: as text, isolated from the direction of what is around it, with
 * pictures for what cannot be seen.
 */
export function exactly(text) {
  const element = document.createElement("bdi");
  element.className = "exactly";
  let from = 0;
  for (const match of text.matchAll(UNSEEN)) {
    element.append(text.slice(from, match.index));
    const unseen = document.createElement("span");
    unseen.className = "unseen";
    unseen.textContent = picture(match[0]);
    element.append(unseen);
    from = match.index + match[0].length;
  }
  element.append(text.slice(from));
  return element;
}

/** The same as plain text, for labels that can hold no elements. */
export function plainly(text) {
  return text.replace(UNSEEN, (character) => picture(character));
}
