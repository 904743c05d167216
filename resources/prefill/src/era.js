// Japanese era dates, read as people write them and shown as papers print them.

import { dayOf, lastOf } from "./days.js";

export const ERAS = [
  { name: "令和", letter: "R", start: "2019-05-01" },
  { name: "平成", letter: "H", start: "1989-01-08" },
  { name: "昭和", letter: "S", start: "1926-12-25" },
  { name: "大正", letter: "T", start: "1912-07-30" },
  { name: "明治", letter: "M", start: "1868-01-25" },
];
const FIRST_YEAR = 1000;
const LAST_YEAR = 2117; // 令和99年: what is shown can be read again
const WRITTEN = new RegExp(
  "^(?:(?<era>令和|平成|昭和|大正|明治|[RHSTM])(?<year>元|\\d{1,2})|(?<west>\\d{4}))" +
    "(?:年|[年./-](?<month>\\d{1,2})(?:月|[月./-](?<day>\\d{1,2})日?)?)?$",
);
const UNKNOWN = /(?:月日|月|日)?不詳/g;

const yearOf = (day) => Number(day.slice(0, 4));

/** As much of a date as is known, in ISO (1944-05-03, 1944-05, 1944); null where there was none. */
export function parseKnown(text) {
  const folded = text.normalize("NFKC").replace(/\s/g, "").toUpperCase().replace(UNKNOWN, "");
  const written = WRITTEN.exec(folded)?.groups;
  if (!written) return null;
  const month = written.month === undefined ? null : Number(written.month);
  const day = written.day === undefined ? null : Number(written.day);
  if (written.west) return known(Number(written.west), month, day);
  const at = ERAS.findIndex((era) => era.name === written.era || era.letter === written.era);
  const year = written.year === "元" ? 1 : Number(written.year);
  const stored = year ? known(yearOf(ERAS[at].start) + year - 1, month, day) : null;
  if (stored === null || latest(stored) < ERAS[at].start) return null;
  if (at > 0 && earliest(stored) >= ERAS[at - 1].start) return null;
  return stored;
}

/** A date to the day, or null. */
export function parseEra(text) {
  const found = parseKnown(text);
  return found?.length === 10 ? found : null;
}

/** 昭和19年5月3日; where month or day is not known, 昭和19年5月日不詳. */
export function showKnown(stored) {
  const [first, last] = [earliest(stored), latest(stored)];
  const year = eraYear(first) === eraYear(last) ? eraYear(first) : `${yearOf(first)}年`;
  const [, month, day] = stored.split("-").map(Number);
  if (day) return `${eraYear(stored)}${month}月${day}日`;
  return month ? `${year}${month}月日不詳` : `${year}月日不詳`;
}

function eraYear(day) {
  const era = ERAS.find((each) => day >= each.start);
  if (!era) return `${yearOf(day)}年`;
  const year = yearOf(day) - yearOf(era.start) + 1;
  return `${era.name}${year === 1 ? "元" : year}年`;
}

function known(year, month, day) {
  if (year < FIRST_YEAR || year > LAST_YEAR) return null;
  const whole = dayOf(year, month ?? 1, day ?? 1);
  if (whole === null) return null;
  if (month === null) return whole.slice(0, 4);
  return day === null ? whole.slice(0, 7) : whole;
}

const earliest = (stored) => stored + "-01-01".slice(0, 10 - stored.length);

function latest(stored) {
  const [year, month, day] = stored.split("-").map(Number);
  return dayOf(year, month ?? 12, day ?? lastOf(year, month ?? 12));
}
