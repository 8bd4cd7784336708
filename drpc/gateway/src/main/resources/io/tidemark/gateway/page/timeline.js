// Times along a chart. Buckets are UTC and stay so; only their names are the reader's. Where clocks are turned back within
// what is shown, two hours bear one name, and the zone beside it tells them apart.

import { dayMonth, hourMinute, hourMinuteZone, weekdayDate } from "./format.js";

const HOUR = 3600000;
const ROOM = 76;

function offset(at) {
  return new Date(at).getTimezoneOffset();
}

function clocksChange(data) {
  const last = data.buckets.length - 1;
  return last > 0 && offset(data.buckets[0]) !== offset(data.buckets[last]);
}

/** What a bucket is called: "08:41 CET" for a minute, "Wed, 25 Nov, 08:00 CET" for an hour and more. */
export function bucketWords(data, i) {
  const at = data.buckets[i];
  return data.step < HOUR ? hourMinuteZone(at) : `${weekdayDate(at)}, ${hourMinuteZone(at)}`;
}

/** Which buckets get a name on the axis, and which. @param width of the axis in px */
export function ticks(data, width) {
  const { buckets, step } = data;
  if (buckets.length === 0) {
    return [];
  }
  const most = Math.max(2, Math.floor(width / ROOM));
  const days = buckets.length * step > 36 * HOUR;
  const choices = days ? [24, 48, 96, 168, 336].map((h) => h * 60) : step < HOUR ? [5, 10, 15, 20, 30, 60] : [60, 120, 180, 240, 360, 720];
  const span = (buckets.length * step) / 60000;
  const every = choices.find((minutes) => span / minutes <= most) ?? choices[choices.length - 1];
  const named = clocksChange(data) && !days;
  const parts = [];
  let lastDay = -1;
  buckets.forEach((at, i) => {
    const local = new Date(at);
    const minutes = days ? Math.floor((at - local.getTimezoneOffset() * 60000) / 60000) : local.getHours() * 60 + local.getMinutes();
    const midnight = local.getHours() * 60 + local.getMinutes() < step / 60000;
    if (days ? midnight && dayTick(local, every, lastDay) : minutes % every === 0) {
      lastDay = local.getTime();
      const words = days ? dayMonth(at) : named ? hourMinuteZone(at) : hourMinute(at);
      parts.push({ i, words, strong: midnight });
    }
  });
  return parts;
}

function dayTick(local, every, last) {
  return last < 0 || (local.getTime() - last) / 60000 >= every - 90;
}

/** Start and end of a day of the reader's zone ("2026-11-01"), which may have 23 or 25 hours. */
export function dayOf(date) {
  const [year, month, day] = date.split("-").map(Number);
  return { from: new Date(year, month - 1, day), to: new Date(year, month - 1, day + 1) };
}
