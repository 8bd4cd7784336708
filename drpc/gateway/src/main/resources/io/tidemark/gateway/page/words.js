// What things are called. A stream's own names stand as its configuration has them; the bundled stream of Wikipedia's
// edits and what every stream has get words that need no manual.

const WIKIPEDIA = {
  title: "Changes to Wikipedia, each counted exactly once",
  events: "changes",
  order: ["actor", "login", "action", "kind", "namespace", "wiki"],
  dimensions: {
    actor: { title: "Bots and humans", split: "bots and humans" },
    login: { title: "Accounts", split: "account" },
    action: { title: "What was done", split: "what was done" },
    kind: { title: "Kind of change", split: "kind of change" },
    namespace: { title: "Part of the wiki", split: "part of the wiki" },
    wiki: { title: "Wikis", split: "wiki" },
    user: { title: "Most active users" },
    page: { title: "Most changed pages" },
  },
  values: {
    actor: { human: "Humans", bot: "Bots" },
    login: {
      loggedin: "Logged in",
      temporary: "Temporary account",
      anonymous: "Anonymous (IP address)",
      hidden: "User hidden",
    },
    action: { edit: "Edit", new: "New page", log: "Log entry", categorize: "Category changed", other: "other" },
    kind: { edit: "Edit", new: "New page", log: "Log entry", categorize: "Category changed", other: "Anything else" },
  },
};

const RESERVED = {
  "(unknown)": "Not said",
  "(other)": "All others",
  "(too long)": "Name too long",
};

/** Why a record was not counted, by the name of the reason. */
const REASONS = {
  "null-value": "record without a value",
  empty: "empty record",
  "not-utf8": "text that is not UTF-8",
  "too-deep": "nested too deeply",
  "not-json": "not JSON, or cut off",
  "not-an-object": "JSON, but no object",
  "trailing-data": "something after the object",
  "duplicate-key": "a field that stands twice",
  "wrong-type": "a field of the wrong type",
  "bad-text": "text with half a character",
  "missing-field": "a required field is missing",
  "time-in-future": "a time in the future",
};

/** The words for one stream, as /api/streams describes it. */
export function wordsFor(stream) {
  const names = new Set(stream.dimensions.map((dimension) => dimension.name));
  const known = ["action", "actor", "login"].every((name) => names.has(name)) ? WIKIPEDIA : null;
  const byName = new Map(stream.dimensions.map((dimension) => [dimension.name, dimension]));
  return {
    /** Dimensions whose equal values mean the same share a name here. */
    family: (name) => (known && name === "kind" ? "action" : name),
    /** Values that are known beforehand, so that their colours are the same each time. */
    values: (name) => Object.keys(own(known?.values, name) ?? {}),
    title: known?.title ?? `Events in ${stream.name}, each counted exactly once`,
    events: known?.events ?? "events",
    dimension: (name) => own(known?.dimensions, name)?.title ?? byName.get(name)?.title ?? sentence(name),
    split: (name) => own(known?.dimensions, name)?.split ?? byName.get(name)?.title ?? name.replaceAll("-", " "),
    value: (dimension, value) => own(RESERVED, value) ?? own(own(known?.values, dimension), value) ?? unescaped(value),
    /** Dimensions in the order of the page. */
    sorted: (dimensions) => {
      const place = (dimension) => {
        const at = known ? known.order.indexOf(dimension.name) : 0;
        return at < 0 ? known.order.length : at;
      };
      return [...dimensions].sort((a, b) => place(a) - place(b));
    },
  };
}

export function isReserved(value) {
  return Object.hasOwn(RESERVED, value);
}

export function reason(name) {
  return own(REASONS, name) ?? name;
}

/** What a dictionary itself has: a user may be called "constructor". */
function own(dictionary, key) {
  return dictionary && Object.hasOwn(dictionary, key) ? dictionary[key] : undefined;
}

/** A real value that reads like a reserved one is kept with one backslash more. */
function unescaped(value) {
  return /^\\+\((unknown|other|too long)\)$/.test(value) ? value.slice(1) : value;
}

function sentence(name) {
  const text = name.replaceAll("-", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
