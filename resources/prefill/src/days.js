// How Japanese law counts days, years of age and school years. A day is its ISO text, 1944-05-03.

const DAY = /^[12]\d{3}-\d\d-\d\d$/;
const MILLISECONDS = 86_400_000;
const LONGEST_REST = 30;

export const isDay = (value) => typeof value === "string" && DAY.test(value);

/** The day's number, or null where the calendar has no such day. */
function number(day) {
  const at = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== day
    ? null
    : at / MILLISECONDS;
}

/** The ISO text of year, month (1 to 12) and day; null beyond the calendar. */
export function dayOf(year, month, day) {
  if (year < 1 || year > 9999) return null;
  const pad = (part, width) => String(part).padStart(width, "0");
  const text = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
  return number(text) === null ? null : text;
}

export const parts = (day) => day.split("-").map(Number);

export const lastOf = (year, month) =>
  new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();

export function plusDays(day, days) {
  const at = new Date((number(day) + days) * MILLISECONDS);
  const [year, month, date] = [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate()];
  return dayOf(year, month, date);
}

export const daysBetween = (first, last) => number(last) - number(first);

/** 民法第143条: months and years by the calendar, a missing day is the month's last. */
export function moved(day, { days = 0, months = 0, years = 0 }) {
  const [year, month, date] = parts(day);
  const total = year * 12 + month - 1 + months + 12 * years;
  const [newYear, newMonth] = [Math.floor(total / 12), (((total % 12) + 12) % 12) + 1];
  const found = dayOf(newYear, newMonth, Math.min(date, lastOf(newYear, newMonth)));
  return found && plusDays(found, days);
}

/** 民法第142条: a term that ends on a closed day ends on the next open one. */
export function nextOpen(day, closed) {
  let open = day;
  for (let step = 0; step < LONGEST_REST && closed.has(open); step += 1) open = plusDays(open, 1);
  return open;
}

/** Full years; 年齢計算ニ関スル法律 completes one on the day before the birthday. */
export function age(birth, on, dayBefore) {
  const counted = dayBefore ? plusDays(on, 1) : on;
  const years = parts(counted)[0] - parts(birth)[0];
  return counted.slice(5) < birth.slice(5) ? years - 1 : years;
}

/** The first March 31st on or after the day that this age is reached (the eve of the birthday). */
export function schoolYearEnd(birth, years) {
  const early = birth.slice(5) <= "04-01";
  return dayOf(parts(birth)[0] + years + (early ? 0 : 1), 3, 31);
}

export function fiscalYear(day, begins) {
  return parts(day)[0] - (day.slice(5) < begins ? 1 : 0);
}

export function monthEnd(day) {
  const [year, month] = parts(day);
  return dayOf(year, month, lastOf(year, month));
}

/** The day it is in Japan, wherever the phone is. */
export function todayInJapan(now) {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Tokyo" }).format(now);
}
